--[[
Puts ids back that a worker's blocking wait took from a queue but the worker never
claimed, to the front in their old order: all of one worker's, or those of workers whose
registration is gone, of one part of the set.

KEYS[1]      queue (list)
KEYS[2]      workers that may have taken ids from it (set)
ARGV[1]      queue name
ARGV[2]      worker name, or '' for all workers that are gone
ARGV[3]      cursor to go on from, '0' to begin
ARGV[4]      about how many workers to look at

Replies: {cursor, restored}
           cursor to go on from, '0' at the end
           number of ids put back
]]
--- @include keys
--- @include clock
local MAX_RESTORED = 1000
local restored = 0
-- The first write is one that a full Redis does not refuse.
redis.call('SREM', KEYS[2], '')

local failure

-- Returns whether nothing is left of what the worker took.
local function restore(worker)
  local taken = TAKEN .. ARGV[1] .. ':' .. worker
  local moved
  repeat
    moved = redis.pcall('LMOVE', taken, KEYS[1], 'RIGHT', 'LEFT')
    if type(moved) ~= 'string' then
      break
    end
    restored = restored + 1
  until restored >= MAX_RESTORED
  failure = type(moved) == 'table' and moved or failure
  return not moved
end

if ARGV[2] ~= '' then
  restore(ARGV[2])
  return failure or { '0', restored }
end
-- A call that runs its jobs itself is no worker on record, and claims them at once.
local MOMENT = 60
local now = redis_time()

local function is_gone(worker)
  local begun = worker:match('^sync%-(%d+)%-')
  return redis.call('EXISTS', WORKER .. worker) == 0 and not (begun and math.abs(now - begun) < MOMENT)
end

local page = redis.call('SSCAN', KEYS[2], ARGV[3], 'COUNT', ARGV[4])
for _, worker in ipairs(page[2]) do
  if is_gone(worker) and restore(worker) then
    redis.call('SREM', KEYS[2], worker)
  end
end
return failure or { page[1], restored }
