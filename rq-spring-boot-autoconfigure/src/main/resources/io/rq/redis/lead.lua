--[[
Takes or renews the scheduler locks of queues, and shows who schedules.

KEYS[1]      this scheduler (hash)
KEYS[2..]    scheduler lock of each queue (string)
ARGV[1]      this scheduler's token
ARGV[2]      lease in milliseconds
ARGV[3..]    field, value, ... of the scheduler's hash

Replies: for each queue 1 if this scheduler holds the lock now, else 0
]]
local held = {}
local leading = false
-- The first write is one that a full Redis does not refuse.
redis.call('PEXPIRE', KEYS[1], ARGV[2])
for i = 2, #KEYS do
  local holder = redis.call('GET', KEYS[i])
  if holder == ARGV[1] then
    redis.call('PEXPIRE', KEYS[i], ARGV[2])
  elseif not holder then
    redis.call('SET', KEYS[i], ARGV[1], 'PX', ARGV[2])
  end
  held[i - 1] = (not holder or holder == ARGV[1]) and 1 or 0
  leading = leading or held[i - 1] == 1
end
if leading then
  redis.call('HSET', KEYS[1], unpack(ARGV, 3))
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
else
  redis.call('DEL', KEYS[1])
end
return held
