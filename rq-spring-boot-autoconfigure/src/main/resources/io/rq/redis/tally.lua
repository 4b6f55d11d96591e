--[[
Adds what a process has counted to the history of queues and of functions on them, by minute
and by hour.

KEYS[1]   functions that have a history (sorted set, by when they last ran)
ARGV[1]   nonce of the call, or '' if it may be carried out twice
ARGV[2]   number of functions that may have a history; what others do counts under ','
ARGV[3]   number of numbers in a part of a point
ARGV[4..] for each queue or function: queue name, or ',' for all; function, or '' for the queue
          itself; what was counted, as the two parts of a point

Replies: {}
]]
--- @include keys
--- @include clock
--- @include once
--- @include points
local KEPT = { m = 24 * 3600, h = 90 * 24 * 3600 }
local OTHERS = ','
if earlier_reply(ARGV[1]) then
  return {}
end
local now = redis_time()
local most, size = tonumber(ARGV[2]), tonumber(ARGV[3])

-- The first write is one that a full Redis does not refuse.
redis.pcall('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - KEPT.h)

local function known(queue, name)
  if name == '' or name == OTHERS then
    return name
  end
  local member = queue .. ',' .. name
  local full = redis.pcall('ZCARD', KEYS[1])
  if type(full) ~= 'number' or full >= most and not redis.call('ZSCORE', KEYS[1], member) then
    return OTHERS
  end
  redis.call('ZADD', KEYS[1], score_text(now), member)
  redis.call('EXPIRE', KEYS[1], KEPT.h)
  return name
end

local function add(numbers, point)
  local at, value, factor = 0, 0, 1
  for i = 1, #point do
    local byte = point:byte(i)
    value = value + byte % 128 * factor
    factor = factor * 128
    if byte < 128 then
      local half = math.floor(value / 2)
      if value % 2 == 0 then
        numbers[at] = (numbers[at] or 0) + half
        at = at + 1
      else
        at = at + half
      end
      value, factor = 0, 1
    end
  end
end

local function packed(numbers)
  local bytes, zeros = {}, 0
  local function write(value)
    while value >= 128 do
      bytes[#bytes + 1] = string.char(value % 128 + 128)
      value = math.floor(value / 128)
    end
    bytes[#bytes + 1] = string.char(value)
  end
  for at = 0, size - 1 do
    local value = numbers[at] or 0
    if value == 0 then
      zeros = zeros + 1
    else
      if zeros > 0 then
        write(zeros * 2 + 1)
        zeros = 0
      end
      write(value * 2)
    end
  end
  return table.concat(bytes)
end

-- The first number, how many jobs wait and one, is not added but seen.
local function note(unit, queue, name, part, counted, waiting)
  local place = math.floor(now / SECONDS[unit])
  local block = math.floor(place / IN_ONE_HASH)
  local key = points_key(unit, block, queue, name)
  local field = string.format('%.0f', place % IN_ONE_HASH) .. PARTS[part]
  local stored = redis.pcall('HGET', key, field)
  if counted == '' and not waiting then
    return
  end
  local numbers = {}
  add(numbers, type(stored) == 'string' and stored or '')
  add(numbers, counted)
  numbers[0] = waiting and waiting + 1 or numbers[0]
  if type(redis.pcall('HSET', key, field, packed(numbers))) == 'number' then
    local complete = (block + 1) * IN_ONE_HASH * SECONDS[unit]
    redis.call('EXPIREAT', key, string.format('%.0f', complete + KEPT[unit]))
  end
end

for at = 4, #ARGV, 4 do
  local queue, name = ARGV[at], known(ARGV[at], ARGV[at + 1])
  local waiting = name == '' and queue ~= ',' and redis.pcall('LLEN', QUEUE .. queue)
  waiting = type(waiting) == 'number' and waiting or nil
  for unit in pairs(KEPT) do
    note(unit, queue, name, 1, ARGV[at + 2], waiting)
    note(unit, queue, name, 2, ARGV[at + 3])
  end
end
remember(ARGV[1], {})
return {}
