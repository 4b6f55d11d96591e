-- Puts a job that has ended well back for its next repetition (protocol 6.5): RQ takes
-- the waits from the end of the list.
local function repeat_job(id, queue, left, now, stamp)
  local job = JOB .. id
  local stored = redis.call('HMGET', job, 'repeat_intervals', 'ttl')
  local waits = number_list(stored[1])
  local ttl = time_to_live(stored[2])
  local wait = waits and whole_number(waits[math.min(left, #waits)]) or 0
  redis.call('SADD', QUEUES, QUEUE .. queue)
  if wait > 0 then
    redis.call('HSET', job, 'status', 'scheduled', 'repeats_left', left - 1)
    schedule(id, queue, now + wait)
    ttl = ttl and scheduled_lifetime(ttl, wait)
  else
    redis.call('HSET', job, 'status', 'queued', 'enqueued_at', stamp, 'repeats_left', left - 1)
    redis.call('RPUSH', QUEUE .. queue, id)
  end
  if ttl then
    redis.call('EXPIRE', job, ttl)
  end
end
