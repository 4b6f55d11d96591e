--[[
Puts a bulk operation on record, which a node then takes and carries out (bulk-step).

KEYS[1]   operation (hash)
ARGV[1]   the operation's id
ARGV[2..] field, value, ... of the operation

Replies: 1
]]
--- @include keys
--- @include clock
local DAY = 86400
local now = redis_time()
-- The first write is one that a full Redis does not refuse.
redis.call('ZREMRANGEBYSCORE', OPERATIONS, '-inf', score_text(now - DAY))
if redis.call('EXISTS', KEYS[1]) == 0 then
  redis.call('HSET', KEYS[1], 'open', 1, 'batch', 0, 'started_at', score_text(now), unpack(ARGV, 2))
  redis.call('EXPIRE', KEYS[1], DAY)
  redis.call('ZADD', OPERATIONS, score_text(now), ARGV[1])
  redis.call('ZADD', OPEN_OPERATIONS, score_text(now), ARGV[1])
end
return 1
