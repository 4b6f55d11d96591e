--[[
Keeps a registry of ended jobs within its bounds: jobs that would be kept for longer than an
age are given that age from now on, and beyond a number of jobs or of bytes those are dropped,
with all that is of them, that would go first. How many bytes there are is told from samples.

KEYS[1]  registry (sorted set)
ARGV[1]  number of jobs, or '' for any
ARGV[2]  number of bytes, or '' for any
ARGV[3]  age in seconds, or '' for any
ARGV[4]  number of jobs to look at, at most
ARGV[5]  status that jobs of the registry have
ARGV[6]  another one

Replies: {dropped, more}  number of jobs dropped; 1 if there is more to do, else 0
]]
--- @include keys
--- @include clock
--- @include lifetime
--- @include outdated
local SAMPLE, LARGER_SAMPLE = 100, 500
-- So many larger ones have to say too that there are too many bytes.
local WITNESSES = 3
local registry, batch = KEYS[1], tonumber(ARGV[4])
local size = redis.call('ZCARD', registry)

local function bytes_of(id)
  local bytes = 0
  for _, key in ipairs({ JOB .. id, RESULTS .. id, ATTEMPTS .. id }) do
    bytes = bytes + (redis.call('MEMORY', 'USAGE', key, 'SAMPLES', 0) or 0)
  end
  return bytes
end

-- Returns how many jobs have so many bytes, by a sample.
local function allowed_by(sample)
  local bytes, ids = 0, redis.call('ZRANDMEMBER', registry, sample)
  for _, id in ipairs(ids) do
    bytes = bytes + bytes_of(id)
  end
  return bytes > 0 and math.floor(ARGV[2] * #ids / bytes) or size
end

local function allowed()
  local most = tonumber(ARGV[1]) or size
  if ARGV[2] == '' then
    return most
  end
  -- One large job among a hundred stands for far more than there are, if it is a rare one.
  local by_bytes, witnesses = allowed_by(SAMPLE), 0
  while by_bytes < most and witnesses < WITNESSES do
    by_bytes = math.max(by_bytes, allowed_by(LARGER_SAMPLE))
    witnesses = witnesses + 1
  end
  return math.min(most, by_bytes)
end

-- The jobs that would be kept for longer than till then, or for ever.
local function too_long(latest)
  local ids = redis.call('ZRANGEBYSCORE', registry, '(' .. score_text(latest), '+inf', 'LIMIT', 0, batch)
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', registry, -1, -1, 'LIMIT', 0, batch - #ids)) do
    ids[#ids + 1] = id
  end
  return ids
end

local aged = 0
if ARGV[3] ~= '' then
  local latest = redis_time() + ARGV[3]
  local ids = too_long(latest)
  -- The first write is one that a full Redis does not refuse.
  redis.call('ZREM', registry, '')
  for _, id in ipairs(ids) do
    redis.call('ZADD', registry, score_text(latest), id)
    local status = redis.pcall('HGET', JOB .. id, 'status')
    if status == ARGV[5] or status == ARGV[6] then
      set_lifetime(ARGV[3], JOB .. id, RESULTS .. id, ATTEMPTS .. id, JOB .. id .. DEPENDENTS)
    end
  end
  aged = #ids
end

local excess = size > 0 and math.max(size - allowed(), 0) or 0
local most = math.min(excess, batch)
local ids = redis.call('ZRANGEBYSCORE', registry, 0, '+inf', 'LIMIT', 0, most)
for _, id in ipairs(redis.call('ZRANGEBYSCORE', registry, '-inf', '(0', 'LIMIT', 0, most - #ids)) do
  ids[#ids + 1] = id
end
for _, id in ipairs(ids) do
  drop_ended(registry, id, ARGV[5], ARGV[6])
end
return { #ids, (excess > #ids or aged == batch) and 1 or 0 }
