--[[
Changes the call of a job that does not run and has not ended well, if it is still the one
that the caller has read.

KEYS[1]  job (hash)
ARGV[1]  SHA-1 of the call as it stands in the job
ARGV[2]  the new call
ARGV[3]  the new text for people, or '' to leave it
ARGV[4]  nonce of the call

Replies: {1}          it has the new call
         {0}          there is no such job
         {2, status}  nothing changed: the job runs, has ended well or is about to wait, or
           its status is not known here
         {3}          nothing changed: its call is another
]]
--- @include keys
--- @include once
local EDITABLE = { [''] = true, created = true, queued = true, scheduled = true, deferred = true, failed = true,
  stopped = true, canceled = true, rate_limited = true }
local earlier = earlier_reply(ARGV[4])
if earlier then
  return earlier
end
local stored = redis.call('HMGET', KEYS[1], 'status', 'data')
local status = stored[1] or ''
if not stored[2] then
  return { 0 }
elseif not EDITABLE[status] then
  return { 2, status }
elseif redis.sha1hex(stored[2]) ~= ARGV[1] then
  return { 3 }
end
-- The first write is one that a full Redis does not refuse.
redis.call('HDEL', KEYS[1], '')
redis.call('HSET', KEYS[1], 'data', ARGV[2])
if ARGV[3] ~= '' then
  redis.call('HSET', KEYS[1], 'description', ARGV[3])
end
remember(ARGV[4], { 1 })
return { 1 }
