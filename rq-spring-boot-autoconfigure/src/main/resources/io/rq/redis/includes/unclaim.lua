-- Puts a job back at the front of its queue as if it had not been taken. Returns false if
-- the lease of the execution was lost, or where the queue is no list: then the lease stays.
local function unclaim(id, queue, execution)
  local job = JOB .. id
  local wip, member = PREFIX .. 'wip:' .. queue, id .. ':' .. execution
  local held = redis.call('ZSCORE', wip, member)
  forget_execution(id, execution)
  if not held then
    return false
  end
  local stored = redis.pcall('HMGET', job, 'status', 'ttl')
  if stored[1] == 'started' then
    if type(redis.pcall('LPUSH', QUEUE .. queue, id)) ~= 'number' then
      return false
    end
    redis.call('HSET', job, 'status', 'queued')
    redis.call('HDEL', job, 'started_at', 'last_heartbeat', 'worker_name')
    local ttl = time_to_live(stored[2])
    if ttl then
      redis.call('EXPIRE', job, ttl)
    end
  end
  redis.call('ZREM', wip, member)
  return true
end
