--[[
Reads the history of queues or of functions on them. Changes nothing.

KEYS[1]   functions that have a history (sorted set)
ARGV[1]   'm' for minutes or 'h' for hours
ARGV[2]   number of points, up to the one that has begun
ARGV[3..] for each: queue name, or ',' for all; function, or '' for the queue itself

Replies: {time of Redis, {place, part, value, ...}, ...}
           for each in order the parts of points that there are, by their minutes or hours
           since 1970; the parts are '' and '+'
]]
--- @include keys
--- @include clock
--- @include points
-- So few points are read one by one.
local FEW = 20
local unit, count = ARGV[1], tonumber(ARGV[2])
local now = redis_time()
local newest = math.floor(now / SECONDS[unit])
local oldest = newest - count + 1

local function text(place)
  return string.format('%.0f', place)
end

local function add(found, place, part, value)
  found[#found + 1] = text(place)
  found[#found + 1] = part
  found[#found + 1] = value
end

local function read_few(queue, name)
  local found = {}
  for place = oldest, newest do
    local key = points_key(unit, math.floor(place / IN_ONE_HASH), queue, name)
    for _, part in ipairs(PARTS) do
      local value = redis.pcall('HGET', key, text(place % IN_ONE_HASH) .. part)
      if type(value) == 'string' then
        add(found, place, part, value)
      end
    end
  end
  return found
end

local function read_many(queue, name)
  local found = {}
  for block = math.floor(oldest / IN_ONE_HASH), math.floor(newest / IN_ONE_HASH) do
    local points = redis.pcall('HGETALL', points_key(unit, block, queue, name))
    for i = 1, #points, 2 do
      local at, part = points[i]:match('^(%d+)(%+?)$')
      local place = block * IN_ONE_HASH + (tonumber(at) or IN_ONE_HASH)
      if place >= oldest and place <= newest and place < (block + 1) * IN_ONE_HASH then
        add(found, place, part, points[i + 1])
      end
    end
  end
  return found
end

local reply = { score_text(now) }
for at = 3, #ARGV, 2 do
  local read = count > FEW and read_many or read_few
  reply[#reply + 1] = read(ARGV[at], ARGV[at + 1])
end
return reply
