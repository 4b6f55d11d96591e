--[[
Reads a page of the jobs on a queue or in a registry, with what a list shows of each: neither
calls nor results. Changes nothing.

KEYS[1]    queue (list) or registry (sorted set)
ARGV[1]    'list', 'whole' for a list that begins again if the last job is not found, or for a
           registry 'up' by its scores or 'down'
ARGV[2]    number of jobs at most
ARGV[3]    place of the last job of the page before, as it was told; '' to begin
ARGV[4]    that job, as it stood there
ARGV[5..]  fields of a job

Replies: for each job {as it stands there, its place: position or score, value of each field}
]]
--- @include keys
local SEARCHED, LONGEST = 1000, 1000
local how, limit, place, last = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4]
local found = {}

-- In a list the last job is looked for around its place. If it is not there the page begins
-- where it was.
local function read_list()
  local first = place and math.max(0, place - SEARCHED) or 0
  local ids = redis.call('LRANGE', KEYS[1], first, place and place + SEARCHED + limit or limit - 1)
  local from, gone = place and place - first + 1 or 1, place
  for distance = 0, place and SEARCHED or -1 do
    local at = place - first + 1
    if ids[at - distance] == last or ids[at + distance] == last then
      from, gone = (ids[at - distance] == last and at - distance or at + distance) + 1, nil
      break
    end
  end
  if gone and how == 'whole' then
    place = nil
    return read_list()
  end
  for at = from, math.min(#ids, from + limit - 1) do
    found[#found + 1] = { ids[at], tostring(first + at - 1) }
  end
end

-- By bytes, as Redis orders members; the operator of Lua follows the language of the server.
local function is_before(one, other)
  for i = 1, math.min(#one, #other) do
    local a, b = one:byte(i), other:byte(i)
    if a ~= b then
      return a < b
    end
  end
  return #one < #other
end

-- How many are before the last job, which is there no more.
local function before()
  local low = redis.call('ZCOUNT', KEYS[1], '-inf', '(' .. ARGV[3])
  local high = redis.call('ZCOUNT', KEYS[1], '-inf', ARGV[3])
  while low < high do
    local middle = math.floor((low + high) / 2)
    if is_before(redis.call('ZRANGE', KEYS[1], middle, middle)[1], last) then
      low = middle + 1
    else
      high = middle
    end
  end
  return low
end

local function read_registry()
  local RANGE, RANK = 'ZRANGE', 'ZRANK'
  if how == 'down' then
    RANGE, RANK = 'ZREVRANGE', 'ZREVRANK'
  end
  local rank = place and redis.call(RANK, KEYS[1], last)
  local entries, from = {}, 3
  if rank then
    entries = redis.call(RANGE, KEYS[1], rank, rank + limit, 'WITHSCORES')
  end
  if not rank or tonumber(entries[2]) ~= place then
    local start = place and before() or 0
    if place and how == 'down' then
      start = redis.call('ZCARD', KEYS[1]) - start
    end
    entries, from = redis.call(RANGE, KEYS[1], start, start + limit - 1, 'WITHSCORES'), 1
  end
  for at = from, #entries, 2 do
    found[#found + 1] = { entries[at], entries[at + 1] }
  end
end

if how == 'list' or how == 'whole' then
  read_list()
else
  read_registry()
end
for _, row in ipairs(found) do
  local stored = redis.pcall('HMGET', JOB .. row[1]:match('^[^:]*'), unpack(ARGV, 5))
  for i = 1, #ARGV - 4 do
    local value = not stored.err and stored[i]
    row[i + 2] = value and value:sub(1, LONGEST) or ''
  end
end
return found
