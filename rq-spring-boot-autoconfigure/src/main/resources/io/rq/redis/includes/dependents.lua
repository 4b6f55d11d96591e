-- Puts the jobs that waited for this one on their queues (protocol 10): all whose other
-- parents are done too; after a failure only those that allow it. A child that cannot be
-- read stays where it is.
local function release_dependents(parent, parent_failed, stamp)
  local key = JOB .. parent .. ':dependents'
  for _, child in ipairs(redis.pcall('SMEMBERS', key)) do
    local child_key = JOB .. child
    local fields = redis.pcall('HMGET', child_key, 'status', 'origin', 'allow_dependency_failures',
      'enqueue_at_front', 'ttl')
    local allow_failure = fields[3] == '1'
    local released = fields[1] == 'deferred' and fields[2] and (allow_failure or not parent_failed)
    if released then
      for _, other in ipairs(redis.pcall('SMEMBERS', JOB .. ':' .. child .. ':dependencies')) do
        if other ~= parent then
          local status = redis.pcall('HGET', JOB .. other, 'status')
          if status and status ~= 'finished' and not (status == 'failed' and allow_failure) then
            released = false
          end
        end
      end
    end
    if released and type(redis.pcall(fields[4] == '1' and 'LPUSH' or 'RPUSH', QUEUE .. fields[2], child))
        == 'number' then
      redis.call('ZREM', PREFIX .. 'deferred:' .. fields[2], child)
      redis.call('HSET', child_key, 'status', 'queued', 'enqueued_at', stamp)
      local ttl = time_to_live(fields[5])
      if ttl then
        redis.call('EXPIRE', child_key, ttl)
      end
      redis.call('SADD', QUEUES, QUEUE .. fields[2])
      redis.call('SREM', key, child)
    elseif not fields.err and not fields[1] then
      redis.call('SREM', key, child)
    end
  end
end
