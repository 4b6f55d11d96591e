--[[
Puts ids back that a worker's blocking wait took from a queue but the worker never
claimed, to the front in their old order: all of one worker's, or those of workers whose
registration is gone, of one part of the set.

KEYS[1]      queue (list)
KEYS[2]      workers that may have taken ids from it (set)
ARGV[1]      prefix of the lists of taken ids
ARGV[2]      prefix of the worker registrations
ARGV[3]      worker name, or '' for all workers that are gone
ARGV[4]      cursor to go on from, '0' to begin
ARGV[5]      about how many workers to look at

Replies: {cursor, restored}
           cursor to go on from, '0' at the end
           number of ids put back
]]
local restored = 0
-- The first write is one that a full Redis does not refuse.
redis.call('SREM', KEYS[2], '')

local failure

-- Returns whether nothing is left of what the worker took.
local function restore(worker)
  local moved = redis.pcall('LMOVE', ARGV[1] .. worker, KEYS[1], 'RIGHT', 'LEFT')
  while type(moved) == 'string' do
    restored = restored + 1
    moved = redis.pcall('LMOVE', ARGV[1] .. worker, KEYS[1], 'RIGHT', 'LEFT')
  end
  failure = moved or failure
  return not moved
end

if ARGV[3] ~= '' then
  restore(ARGV[3])
  return failure or { '0', restored }
end
local page = redis.call('SSCAN', KEYS[2], ARGV[4], 'COUNT', ARGV[5])
for _, worker in ipairs(page[2]) do
  if redis.call('EXISTS', ARGV[2] .. worker) == 0 and restore(worker) then
    redis.call('SREM', KEYS[2], worker)
  end
end
return failure or { page[1], restored }
