--- @include keys
--- @include number
--- @include put
--- @include elsewhere
--- @include through
-- Puts a job that has ended well back for its next repetition (protocol 6.5): RQ takes
-- the waits from the end of the list. Returns the key that does not let it, if there is one.
local function repeat_job(id, queue, left, now, stamp)
  local stored = redis.call('HMGET', JOB .. id, 'repeat_intervals', 'ttl', 'rate_limit_key',
    'rate_limit_concurrency')
  local waits = number_list(stored[1])
  local ttl = time_to_live(stored[2])
  local wait = waits and whole_number(waits[math.min(left, #waits)]) or 0
  if wait > 0 then
    local scheduled = SCHEDULED .. queue
    if type(redis.pcall('ZCARD', scheduled)) ~= 'number' then
      return scheduled
    end
    put_for_later(id, queue, now, now + wait, ttl, 'repeats_left', left - 1)
  elseif put_through(id, queue, false, ttl, stored[3], stored[4], stamp, 'repeats_left', left - 1) then
    return QUEUE .. queue
  end
  redis.call('HDEL', JOB .. id, 'reclaims')
  announce(queue)
end
