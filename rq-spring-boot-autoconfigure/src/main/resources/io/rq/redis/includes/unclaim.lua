-- Puts a job back at the front of its queue as if it had not been taken. Returns false if
-- the lease of the execution was lost.
local function unclaim(id, queue, execution)
  local job = JOB .. id
  local held = redis.call('ZREM', PREFIX .. 'wip:' .. queue, id .. ':' .. execution) == 1
  forget_execution(id, execution)
  if not held then
    return false
  end
  local stored = redis.pcall('HMGET', job, 'status', 'ttl')
  if stored[1] == 'started' then
    redis.call('HSET', job, 'status', 'queued')
    redis.call('HDEL', job, 'started_at', 'last_heartbeat', 'worker_name')
    local ttl = time_to_live(stored[2])
    if ttl then
      redis.call('EXPIRE', job, ttl)
    end
    redis.call('LPUSH', QUEUE .. queue, id)
  end
  return true
end
