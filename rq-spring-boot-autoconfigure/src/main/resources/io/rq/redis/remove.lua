--[[
Takes a job off a queue, which it keeps as one that has never been there. An id whose job does
not wait there is only taken off.

KEYS[1]  queue (list)
KEYS[2]  job (hash)
ARGV[1]  queue name
ARGV[2]  job id
ARGV[3]  nonce of the call
ARGV[4]  time for people, as it stands in job hashes

Replies: {1}, or {0} if it does not wait there
]]
--- @include place
--- @include once
--- @include slots
local id = ARGV[2]
local earlier = earlier_reply(ARGV[3])
if earlier then
  return earlier
end
local found = find_on(KEYS[1], id, DEEP)
local stored = redis.pcall('HMGET', KEYS[2], 'status', 'origin', 'data', 'rate_limit_key')
local waits = stored[1] == 'queued' and stored[2] == ARGV[1] and stored[3]
if not waits and not found then
  return { 0 }
end
-- The first write is one that a full Redis does not refuse.
redis.call('LTRIM', KEYS[1], 0, -1)
local none_left, was_there = take_off(KEYS[1], id, DEEP)
if waits then
  take_off_popped(id, ARGV[1])
  redis.call('HSET', KEYS[2], 'status', 'created')
  if not none_left or not was_there then
    redis.call('HSET', KEYS[2], 'stray_id', 1)
  end
  leave_slot(id, stored[4], ARGV[4])
end
remember(ARGV[3], { 1 })
return { 1 }
