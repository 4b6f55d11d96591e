--[[
Takes or renews the scheduler locks of queues, shows who schedules, tells when the next job
of each queue is due, and sends the scheduler's subscription a message that it should hear.

KEYS[1]      this scheduler (hash)
KEYS[2..]    for each queue its scheduler lock (string), its scheduled jobs (sorted set)
ARGV[1]      this scheduler's token
ARGV[2]      lease in milliseconds
ARGV[3]      channel of the scheduler's subscription, or empty
ARGV[4..]    field, value, ... of the scheduler's hash

Replies: for each queue {1 if this scheduler holds the lock now, else 0,
           microseconds until the next job is due, 0 if one is due already or cannot be told,
           -1 if there is none,
           who else holds the lock, or empty if nobody does,
           milliseconds until that lock is free unless it is renewed, -1 if nobody else holds it or
           it does not expire}
]]
--- @include clock
--- @include known
-- Whoever has put something else there holds the lock, of that queue alone.
local STRANGER = 'a value of another type'
local now = redis_time()
local held = {}
local leading = false

local function wait(scheduled)
  local next = redis.pcall('ZRANGE', scheduled, 0, 0, 'WITHSCORES')
  if next.err then
    return 0
  end
  local due = tonumber(next[2] or nil) or math.huge
  return due < math.huge and math.max(0, math.ceil((due - now) * 1000000)) or -1
end

-- The first write is one that a full Redis does not refuse.
redis.call('PEXPIRE', KEYS[1], ARGV[2])
for i = 2, #KEYS, 2 do
  local holder = known(redis.pcall('GET', KEYS[i]), STRANGER)
  if holder == ARGV[1] then
    redis.call('PEXPIRE', KEYS[i], ARGV[2])
  elseif not holder then
    redis.call('SET', KEYS[i], ARGV[1], 'PX', ARGV[2])
  end
  local leader = not holder or holder == ARGV[1]
  held[i / 2] = { leader and 1 or 0, wait(KEYS[i + 1]), leader and '' or holder, leader and -1 or redis.call('PTTL', KEYS[i]) }
  leading = leading or leader
end
if leading then
  redis.call('HSET', KEYS[1], unpack(ARGV, 4))
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
else
  redis.call('DEL', KEYS[1])
end
if ARGV[3] ~= '' then
  redis.pcall('PUBLISH', ARGV[3], '')
end
return held
