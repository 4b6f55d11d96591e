--- @include keys
-- A list of up to so many ids is searched for one, a longer one only at its ends: a script
-- must not take longer the more jobs wait.
local SEARCHED = 1000
local ENDS = 100

-- What is done to a few jobs only looks for them at so many places from both ends.
local DEEP = 10000

-- Returns where an id stands on a list, of which more than so many places from both ends are
-- not looked at.
local function find_on(list, id, depth)
  return redis.call('LPOS', list, id, 'MAXLEN', depth) or redis.call('LPOS', list, id, 'RANK', -1, 'MAXLEN', depth)
end

-- Takes an id off a list, of which more than so many places from both ends are not looked
-- at if their number is given. Returns whether none is left there, and whether there was one:
-- else a worker may have taken it. What may be left or taken must not count later, see
-- 'stray_id' in the claim.
local function take_off(list, id, depth)
  local length = redis.pcall('LLEN', list)
  if type(length) ~= 'number' then
    return true, true
  elseif length <= (depth or SEARCHED) then
    return true, redis.call('LREM', list, 1, id) > 0
  end
  for side = 1, -1, -2 do
    if redis.call('LPOS', list, id, 'RANK', side, 'MAXLEN', depth or ENDS) then
      redis.call('LREM', list, side, id)
      return true, true
    end
  end
  return length <= 2 * (depth or ENDS), false
end

-- Takes an id off those that a Python worker has popped and not started: its maintenance
-- would fail the job, whatever its status.
local function take_off_popped(id, queue)
  redis.pcall('LREM', QUEUE .. queue .. INTERMEDIATE, 0, id)
end

-- Takes a job out of the one place its status says it is in (protocol 3.2), except a
-- running one, which only its worker may take. Returns what take_off does.
local function leave_place(id, origin, status, depth)
  if status == 'queued' then
    take_off_popped(id, origin)
    return take_off(QUEUE .. origin, id, depth)
  end
  local registry = ({ finished = FINISHED, failed = FAILED, stopped = FAILED, scheduled = SCHEDULED,
    deferred = DEFERRED, canceled = CANCELED, ready_to_enqueue = READY })[status]
  if registry then
    redis.pcall('ZREM', registry .. origin, id)
  end
  return true, true
end
