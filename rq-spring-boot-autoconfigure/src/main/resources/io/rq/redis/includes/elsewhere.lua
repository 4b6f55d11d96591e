--- @include keys
-- What a script of one queue has to do elsewhere: at once where all keys lie on one node,
-- else it is noted beside the queue and carried out by a second call, or by maintenance.
local function deliver(...)
  redis.call('RPUSH', DELIVERIES, table.concat({ ... }, '\n'))
end

-- Adds a queue to those that are known. Returns 1 if it was not there, 0 if it was, or
-- the error where what should hold them is no set.
local function announce(queue)
  local added = redis.pcall('SADD', QUEUES, QUEUE .. queue)
  if added == 1 and not ONE_NODE then
    deliver('queue', queue)
  end
  return added
end
