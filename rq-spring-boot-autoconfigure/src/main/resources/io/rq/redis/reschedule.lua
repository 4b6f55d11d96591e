--[[
Changes when a scheduled job is due, and tells the schedulers if it is now the next one.

KEYS[1]  job (hash)
ARGV[1]  job id
ARGV[2]  when it is due, in seconds
ARGV[3]  nonce of the call

Replies: {1}          it is due then
         {0}          there is no such job
         {2, status}  nothing changed: the job is not scheduled
]]
--- @include keys
--- @include clock
--- @include number
--- @include put
--- @include once
local earlier = earlier_reply(ARGV[3])
if earlier then
  return earlier
end
local id, due = ARGV[1], tonumber(ARGV[2])
local stored = redis.call('HMGET', KEYS[1], 'status', 'data', 'origin', 'ttl')
local status, queue = stored[1] or '', stored[3] or ''
if not stored[2] then
  return { 0 }
elseif status ~= 'scheduled' then
  return { 2, status }
end
-- The first write is one that a full Redis does not refuse.
redis.call('ZREM', SCHEDULED .. queue, id)
put_for_later(id, queue, redis_time(), due, time_to_live(stored[4]))
remember(ARGV[3], { 1 })
return { 1 }
