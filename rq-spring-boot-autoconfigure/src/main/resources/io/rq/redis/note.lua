--[[
Stores what is noted about a job, if there still is such a job and nobody else has noted
anything since the caller read it.

KEYS[1]  job (hash)
ARGV[1]  field
ARGV[2]  value that the caller has read, or '' for none
ARGV[3]  value, or '' for none
ARGV[4]  nonce of the call, or '' if it may be carried out twice

Replies: {1}         stored
         {0}         the job is gone
         {2}         nothing stored: the field has no value any more
         {2, value}  nothing stored: the field has another value now
]]
--- @include keys
--- @include once
if earlier_reply(ARGV[4]) then
  return { 1 }
end
local stored = redis.call('HMGET', KEYS[1], 'data', ARGV[1])
if not stored[1] then
  return { 0 }
elseif (stored[2] or '') ~= ARGV[2] then
  return { 2, stored[2] or nil }
end
-- The first write is one that a full Redis does not refuse.
redis.call('HDEL', KEYS[1], ARGV[1])
if ARGV[3] ~= '' then
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
end
remember(ARGV[4], { 1 })
return { 1 }
