--[[
Tells what maintenance has to do, in one call for all queues, so that it costs little where
there is nothing. Changes nothing. What cannot be read is left to the script whose task it
is. Of a set of very many workers one call looks at a part.

KEYS[1]  all workers (set)
KEYS     for each queue: workers that may have taken ids from it, its workers (sets), wip,
         finished, failed, canceled (sorted sets), what was left of dependents (hash),
         jobs that are ready to be enqueued (sorted set)
ARGV[1]  seconds of grace after a lease has run out
ARGV[2]  seconds for which cancelled jobs are kept, -1 for ever
ARGV[3]  seconds for which RQ is left to enqueue jobs that are ready
ARGV[4]  cursor where to look at all workers, '0' at the beginning
ARGV     for each queue: cursors of the workers that may have taken ids, of its workers
ARGV     if ended jobs have bounds, for each of finished, failed, canceled: number of jobs, age
         in seconds, number of bytes; each '' for any

Replies: {cursor, {cursor, cursor, chore, ...}, ...}
           cursors to go on from, of all workers and for each queue as above
           chores of each queue, of: reclaim, restore, dependents, ready, expire, forget, python,
           trim, forget_all, free_slots, ungroup; the last three concern all queues
]]
--- @include keys
--- @include clock
local MANY = 100
local now = redis_time()

-- Tells whether one of a set has no key, or cannot be read, and where to look next.
local function lacks_one(prefix, set, cursor)
  local size = redis.pcall('SCARD', set)
  if type(size) ~= 'number' then
    return true, cursor
  end
  local page = size > MANY and redis.call('SSCAN', set, cursor, 'COUNT', MANY)
    or { '0', redis.call('SMEMBERS', set) }
  local names = page[2]
  for i, name in ipairs(names) do
    names[i] = prefix .. name
  end
  return #names > 0 and redis.call('EXISTS', unpack(names)) < #names, page[1]
end

-- It is enough that they are found before long, and by any worker.
local function has_python(set)
  local some = redis.pcall('SRANDMEMBER', set, 5)
  for _, worker in ipairs(some) do
    local runtime = redis.pcall('HGET', worker, 'python_version')
    if type(runtime) == 'string' and runtime:match('^%d') then
      return true
    end
  end
  return false
end

local function has_any(registry, from, to)
  return redis.pcall('ZCOUNT', registry, from, to) ~= 0
end

-- Tells whether a registry may go beyond its bounds. What jobs need is not told here.
local function exceeds(registry, i)
  local size = redis.pcall('ZCARD', registry)
  if type(size) ~= 'number' or size == 0 then
    return false
  end
  return (ARGV[i] ~= '' and size > tonumber(ARGV[i])) or ARGV[i + 2] ~= ''
    or (ARGV[i + 1] ~= '' and (has_any(registry, '(' .. score_text(now + ARGV[i + 1]), '+inf')
      or has_any(registry, -1, -1)))
end

local bounds = 5 + (#KEYS - 1) / 4
local stale, cursor = lacks_one('', KEYS[1], ARGV[4])
local reply = { cursor }
for at = 2, #KEYS, 8 do
  local cursors = 5 + (at - 2) / 4
  local restorable, takers = lacks_one(WORKER, KEYS[at], ARGV[cursors])
  local forgettable, workers = lacks_one('', KEYS[at + 1], ARGV[cursors + 1])
  local chores = { takers, workers }
  local function add(chore, due)
    chores[#chores + 1] = due and chore or nil
  end
  add('reclaim', has_any(KEYS[at + 2], '-inf', score_text(now - tonumber(ARGV[1]))))
  add('restore', restorable)
  add('dependents', redis.call('EXISTS', KEYS[at + 6], KEYS[at + 6] .. STUCK) > 0)
  add('ready', has_any(KEYS[at + 7], '-inf', score_text(now - ARGV[3])))
  add('expire', has_any(KEYS[at + 3], 0, math.floor(now)) or has_any(KEYS[at + 4], 0, math.floor(now))
    or (tonumber(ARGV[2]) >= 0 and has_any(KEYS[at + 5], 0, math.floor(now) - ARGV[2])))
  add('trim', ARGV[bounds] and (exceeds(KEYS[at + 3], bounds) or exceeds(KEYS[at + 4], bounds + 3)
    or exceeds(KEYS[at + 5], bounds + 6)))
  add('free_slots', at == 2 and redis.call('EXISTS', RATE_LIMITS, RATE_WINDOWS) > 0)
  add('ungroup', ONE_NODE and at == 2 and redis.call('EXISTS', GROUPS) == 1)
  add('forget', forgettable)
  add('forget_all', at == 2 and stale)
  add('python', has_python(KEYS[at + 1]))
  reply[#reply + 1] = chores
end
return reply
