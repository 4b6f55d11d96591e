-- Puts the jobs that waited for this one on their queues (protocol 10): all whose other
-- parents are done too; after a failure only those that allow it.
local function release_dependents(prefixes, parent, parent_failed, stamp)
  local key = prefixes.job .. parent .. ':dependents'
  for _, child in ipairs(redis.call('SMEMBERS', key)) do
    local child_key = prefixes.job .. child
    local fields = redis.call('HMGET', child_key, 'status', 'origin', 'allow_dependency_failures',
      'enqueue_at_front', 'ttl')
    local allow_failure = fields[3] == '1'
    local released = fields[1] == 'deferred' and fields[2] and (allow_failure or not parent_failed)
    if released then
      for _, other in ipairs(redis.call('SMEMBERS', prefixes.job .. ':' .. child .. ':dependencies')) do
        if other ~= parent then
          local status = redis.call('HGET', prefixes.job .. other, 'status')
          if status and status ~= 'finished' and not (status == 'failed' and allow_failure) then
            released = false
          end
        end
      end
    end
    if released then
      redis.call('ZREM', prefixes.registry .. 'deferred:' .. fields[2], child)
      redis.call('HSET', child_key, 'status', 'queued', 'enqueued_at', stamp)
      if tonumber(fields[5]) then
        redis.call('EXPIRE', child_key, fields[5])
      end
      redis.call('SADD', prefixes.queues, prefixes.queue .. fields[2])
      redis.call(fields[4] == '1' and 'LPUSH' or 'RPUSH', prefixes.queue .. fields[2], child)
      redis.call('SREM', key, child)
    elseif not fields[1] then
      redis.call('SREM', key, child)
    end
  end
end
