--[[
Asks for the end of a bulk operation: the node that has it ends it after the batch under way, or
the next that takes it.

KEYS[1]   operation (hash)

Replies: 1 if it goes on until then, 0 if it has ended or there is none
]]
if redis.call('HGET', KEYS[1], 'open') ~= '1' then
  return 0
end
-- The first write is one that a full Redis does not refuse.
redis.call('PERSIST', KEYS[1])
redis.call('HSET', KEYS[1], 'canceling', 1)
redis.call('EXPIRE', KEYS[1], 86400)
return 1
