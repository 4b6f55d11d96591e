--[[
Takes ids off a part of a queue that no worker would run there (W29): without a job, of a
cancelled one, or left behind by one that has moved.

KEYS[1]  queue (list)
ARGV[1]  queue name
ARGV[2]  place to begin with
ARGV[3]  number of places to look at
ARGV[4]  number of ids to take off at most
ARGV[5]  text that is no id

Replies: {next, taken}  place to go on from, -1 at the end; number of ids taken off
]]
--- @include keys
--- @include present
local from, places, most = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local ids = redis.call('LRANGE', KEYS[1], from, from + places - 1)
local seen = 0
local dead = {}

local function is_dead(id)
  local stored = redis.pcall('HMGET', JOB .. id, 'status', 'origin', 'stray_id')
  return not is_job(JOB .. id, stored) or stored[1] == 'canceled'
    or (stored[3] and (stored[1] ~= 'queued' or stored[2] ~= ARGV[1]))
end

for i, id in ipairs(ids) do
  if #dead == most then
    break
  end
  seen = i
  if is_dead(id) then
    dead[#dead + 1] = from + i - 1
  end
end
if #dead > 0 then
  -- The first write is one that a full Redis does not refuse.
  redis.call('LTRIM', KEYS[1], 0, -1)
  for _, place in ipairs(dead) do
    redis.call('LSET', KEYS[1], place, ARGV[5])
  end
  local side = 2 * from > redis.call('LLEN', KEYS[1]) and -1 or 1
  redis.call('LREM', KEYS[1], side * #dead, ARGV[5])
end
return { seen == #ids and #ids < places and -1 or from + seen - #dead, #dead }
