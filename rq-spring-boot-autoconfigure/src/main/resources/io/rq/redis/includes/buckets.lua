--- @include keys
--- @include clock
--- @include number
-- Token buckets (protocol 11.5): places come at an even rate and wait in a bucket, each start
-- takes one. So no more start in any time than the bucket holds and come in that time.
local BUCKETS = 'buckets:'

local function is_bucket(name)
  return name:sub(1, #BUCKETS) == BUCKETS
end

-- Returns how many places are in a bucket, how many it holds, how many come in a second, and
-- whether the clock was set back since one was taken; or nothing, where that cannot be told.
local function in_bucket(name, now)
  local stored = redis.pcall('HMGET', RATE_LIMIT .. name, 'concurrency', 'window', 'burst', 'spent', 'spent_at')
  local most, millis, burst = whole_number(stored[1]), whole_number(stored[2]), whole_number(stored[3])
  if most and millis and burst and millis > 0 then
    local rate = most * 1000 / millis
    local since = now - (tonumber(stored[5]) or now)
    return burst - math.max(0, (tonumber(stored[4]) or 0) - math.max(0, since) * rate), burst, rate, since < 0
  end
end

-- Takes a place.
local function spend(name, now)
  local left, burst = in_bucket(name, now)
  if left then
    redis.pcall('HSET', RATE_LIMIT .. name, 'spent', string.format('%.17g', burst - left + 1),
      'spent_at', score_text(now))
  end
end

-- Tells whether a job that has been let through may start, besides those that were told so.
-- There is no place for it where the numbers have changed since, or after a start that was
-- taken back.
local promised = {}
local function has_place(name, now)
  local left = in_bucket(name, now)
  promised[name] = (promised[name] or 0) + 1
  if left and left < promised[name] then
    promised[name] = promised[name] - 1
    return false
  end
  return true
end

-- Returns how many more jobs may be let through besides those that are.
local function places_in_bucket(name, held)
  local now = redis_time()
  local left, _, _, was_set_back = in_bucket(name, now)
  if was_set_back then
    -- No place would come until the clock is where it was.
    redis.pcall('HSET', RATE_LIMIT .. name, 'spent_at', score_text(now))
  end
  return math.floor(left or 0) - held
end

-- Returns when there will be a place for one more, or nothing, if some have to start before.
local function next_in_bucket(name)
  local now = redis_time()
  local left, burst, rate = in_bucket(name, now)
  local held = redis.pcall('ZCARD', RATE_LIMIT .. name .. HOLDERS)
  return left and rate > 0 and type(held) == 'number' and held < burst
    and now + math.max(0, held + 1 - left) / rate + 0.000002 or nil
end

-- Returns a score that is before those of all jobs of a bucket.
local function before_all(name)
  local first = redis_time()
  for _, part in ipairs({ HOLDERS, SLOTLESS }) do
    local score = redis.pcall('ZRANGE', RATE_LIMIT .. name .. part, 0, 0, 'WITHSCORES')[2]
    first = math.min(first, tonumber(score) or first)
  end
  return first - 0.000001
end
