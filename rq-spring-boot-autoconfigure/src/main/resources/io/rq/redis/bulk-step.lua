--[[
Takes or renews a node's lease of a bulk operation, and notes what a batch of the node has done:
once, however often the call is repeated.

KEYS[1]   operation (hash)
ARGV[1]   the operation's id
ARGV[2]   token of the node
ARGV[3]   lease in milliseconds, 0 to give it back
ARGV[4]   number of the batch, or '' if there is none to note
ARGV[5]   1 if the operation goes on after it, 0 if it has ended
ARGV[6]   by how many more it has examined
ARGV[7]   by how many more were meant
ARGV[8]   by how many more it has done
ARGV[9]   by how many more it could not do
ARGV[10..] field, value, ... of the operation, written with the batch

Replies: {} if there is no such operation, it has ended or another node has it, else
         {field, value, ...} of the operation as it is now
]]
--- @include keys
--- @include clock
local DAY = 86400
local now = redis_time()

-- Nothing is left to be put back of what an operation has deleted.
local function forget_deleted(operation)
  redis.call('UNLINK', DELETED_JOBS .. operation)
  if type(redis.pcall('HGET', OPERATION .. operation, 'undoable')) == 'string' then
    redis.call('HSET', OPERATION .. operation, 'undoable', 0)
    redis.call('HDEL', OPERATION .. operation, 'undoable_until')
  end
end

local stored = redis.call('HMGET', KEYS[1], 'open', 'owner', 'lease_until', 'batch')
local mine = stored[2] == ARGV[2]
if not stored[1] then
  redis.call('ZREM', OPEN_OPERATIONS, ARGV[1])
  return {}
elseif stored[1] == '0' then
  redis.call('ZREM', OPEN_OPERATIONS, ARGV[1])
  return mine and redis.call('HGETALL', KEYS[1]) or {}
elseif not mine and (ARGV[4] ~= '' or stored[2] and (tonumber(stored[3]) or 0) > now) then
  return {}
end
-- The first write is one that a full Redis does not refuse.
redis.call('EXPIRE', KEYS[1], DAY)
redis.call('HSET', KEYS[1], 'owner', ARGV[2], 'lease_until', score_text(now + ARGV[3] / 1000))
if ARGV[4] ~= '' and ARGV[4] == stored[4] then
  redis.call('HINCRBY', KEYS[1], 'batch', 1)
  redis.call('HINCRBY', KEYS[1], 'examined', ARGV[6])
  redis.call('HINCRBY', KEYS[1], 'matched', ARGV[7])
  redis.call('HINCRBY', KEYS[1], 'done', ARGV[8])
  redis.call('HINCRBY', KEYS[1], 'refused', ARGV[9])
  redis.call('HSET', KEYS[1], 'open', ARGV[5], unpack(ARGV, 10))
  if ARGV[5] == '0' then
    redis.call('HSET', KEYS[1], 'ended_at', score_text(now))
    redis.call('ZREM', OPEN_OPERATIONS, ARGV[1])
    local ended = redis.call('HMGET', KEYS[1], 'state', 'undoes')
    if ended[1] == 'DONE' and ended[2] then
      forget_deleted(ended[2])
    end
  end
end
return redis.call('HGETALL', KEYS[1])
