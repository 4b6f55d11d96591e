-- Puts a job that has ended well back for its next repetition (protocol 6.5): RQ takes
-- the waits from the end of the list. Returns the key that does not let it, if there is one.
local function repeat_job(id, queue, left, now, stamp)
  local job = JOB .. id
  local list, scheduled = QUEUE .. queue, PREFIX .. 'scheduled:' .. queue
  local stored = redis.call('HMGET', job, 'repeat_intervals', 'ttl')
  local waits = number_list(stored[1])
  local ttl = time_to_live(stored[2])
  local wait = waits and whole_number(waits[math.min(left, #waits)]) or 0
  if wait > 0 then
    if type(redis.pcall('ZCARD', scheduled)) ~= 'number' then
      return scheduled
    end
    redis.call('HSET', job, 'status', 'scheduled', 'repeats_left', left - 1)
    schedule(id, queue, now + wait)
    ttl = ttl and scheduled_lifetime(ttl, wait)
  else
    if type(redis.pcall('RPUSH', list, id)) ~= 'number' then
      return list
    end
    redis.call('HSET', job, 'status', 'queued', 'enqueued_at', stamp, 'repeats_left', left - 1)
  end
  redis.pcall('SADD', QUEUES, list)
  if ttl then
    redis.call('EXPIRE', job, ttl)
  end
end
