--[[
Tells where a job waits on a queue. Of a long one only the ends are searched. Changes nothing.

KEYS[1]  queue (list)
KEYS[2]  job (hash)
ARGV[1]  queue name
ARGV[2]  job id

Replies: how many are before it, -1 if it does not wait there, -2 if it waits further from both
         ends than is searched
]]
--- @include place
local place = find_on(KEYS[1], ARGV[2], DEEP)
if place then
  return place
elseif redis.call('LLEN', KEYS[1]) <= 2 * DEEP then
  return -1
end
local stored = redis.call('HMGET', KEYS[2], 'status', 'origin')
return stored[1] == 'queued' and stored[2] == ARGV[1] and -2 or -1
