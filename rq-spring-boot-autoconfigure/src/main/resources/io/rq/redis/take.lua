--[[
Takes jobs off their queue for a process that runs them itself at once: those that are there
among the next or last 1,000.

KEYS[1]   queue (list)
KEYS[2]   what the process has taken from it (list)
KEYS[3]   who may have taken ids from it (set)
ARGV[1]   who takes them
ARGV[2..] job ids

Replies: number of jobs
]]
local DEEP = 1000
-- The first write is one that a full Redis does not refuse.
redis.call('SREM', KEYS[3], '')
redis.call('SADD', KEYS[3], ARGV[1])
local taken = 0
for i = 2, #ARGV do
  for side = 1, -1, -2 do
    if redis.call('LPOS', KEYS[1], ARGV[i], 'RANK', side, 'MAXLEN', DEEP) then
      redis.call('LREM', KEYS[1], side, ARGV[i])
      redis.call('RPUSH', KEYS[2], ARGV[i])
      taken = taken + 1
      break
    end
  end
end
return taken
