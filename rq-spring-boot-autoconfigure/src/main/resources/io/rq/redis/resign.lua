--[[
Gives back the scheduler locks that a scheduler holds, and takes it off the record. Also
for a user who may not use the channel.

KEYS[1]      this scheduler (hash)
KEYS[2..]    scheduler lock of each queue (string)
ARGV[1]      this scheduler's token
ARGV[2..]    name of each queue

Replies: number of locks given back
]]
--- @include keys
local given = 0
for i = 2, #KEYS do
  if redis.call('GET', KEYS[i]) == ARGV[1] then
    redis.call('DEL', KEYS[i])
    redis.pcall('PUBLISH', HANDOVER, ARGV[i])
    given = given + 1
  end
end
redis.call('DEL', KEYS[1])
return given
