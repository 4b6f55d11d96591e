--[[
Puts ids back that a worker's blocking wait took from a queue but the worker never
claimed, to the front in their old order: all of one worker's, or those of all workers
whose registration is gone.

KEYS[1]      queue (list)
KEYS[2]      workers that may have taken ids from it (set)
ARGV[1]      prefix of the lists of taken ids
ARGV[2]      prefix of the worker registrations
ARGV[3]      worker name, or '' for all workers that are gone

Replies: number of ids put back
]]
local restored = 0
-- The first write is one that a full Redis does not refuse.
redis.call('SREM', KEYS[2], '')

local function restore(worker)
  while redis.call('LMOVE', ARGV[1] .. worker, KEYS[1], 'RIGHT', 'LEFT') do
    restored = restored + 1
  end
end

if ARGV[3] ~= '' then
  restore(ARGV[3])
else
  for _, worker in ipairs(redis.call('SMEMBERS', KEYS[2])) do
    if redis.call('EXISTS', ARGV[2] .. worker) == 0 then
      restore(worker)
      redis.call('SREM', KEYS[2], worker)
    end
  end
end
return restored
