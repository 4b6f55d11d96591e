--- @include keys
--- @include clock
--- @include schedule
--- @include buckets
-- Rate limits by time (protocol 11.5): so many jobs of a key at most start within a window, or
-- as a bucket fills. A job names such a limit as 'window:', number, milliseconds and key, or
-- 'bucket:', number, milliseconds, size of the bucket and key, between colons.
local WINDOWS = 'windows:'
local TICK = 'rate-window-'

-- For so many seconds more a start counts, because a job begins a moment after it was taken.
local MARGIN = 0.1

-- Returns what a limit has its keys by and, if it is one by time, number, milliseconds and
-- the size of the bucket, if it is one.
local function limit_of(key)
  local most, millis, name = key:match('^window:(%d+):(%d+):(.*)$')
  if name then
    return WINDOWS .. name, most, millis
  end
  local burst
  most, millis, burst, name = key:match('^bucket:(%d+):(%d+):(%d+):(.*)$')
  if name then
    return BUCKETS .. name, most, millis, burst
  end
  return key
end

local function is_window(name)
  return name:sub(1, #WINDOWS) == WINDOWS
end

local function is_by_time(name)
  return is_window(name) or is_bucket(name)
end

-- Notes the numbers of a limit by time.
local function note_limit(name, most, millis, burst)
  redis.pcall('SADD', RATE_WINDOWS, name)
  redis.pcall('HSET', RATE_LIMIT .. name, 'concurrency', most, 'window', millis)
  if burst then
    redis.pcall('HSET', RATE_LIMIT .. name, 'burst', burst)
  end
end

-- Lets the scheduler of a queue look at a limit when the next place in its window is free, by
-- an entry without a job among those that are due (see promote), of which there is one at
-- most; or nobody, if there is no queue.
local function tick(name, queue, due)
  local limit = RATE_LIMIT .. name
  local entry = TICK .. name:gsub('.', function(char) return string.format('%02x', char:byte()) end)
  local before = redis.pcall('HGET', limit, 'ticks_in')
  if type(before) == 'string' and before ~= queue then
    redis.pcall('ZREM', SCHEDULED .. before, entry)
    redis.pcall('HDEL', limit, 'ticks_in')
  end
  local old = not queue or redis.pcall('ZSCORE', SCHEDULED .. queue, entry)
  if not old or (type(old) == 'string' and tonumber(old) ~= tonumber(score_text(due))) then
    schedule(entry, queue, due)
    redis.pcall('HSET', limit, 'ticks_in', queue)
  end
end

-- Returns the limit that such an entry is about, or nothing.
local function ticked(id)
  local hex = id:sub(1, #TICK) == TICK and id:sub(#TICK + 1):match('^%x+$')
  return hex and (hex:gsub('%x%x', function(byte) return string.char(tonumber(byte, 16)) end)) or nil
end

-- Adds a job to those that wait, behind all others (W43), or where it has been.
local function line_up(name, id, place)
  local slotless = RATE_LIMIT .. name .. SLOTLESS
  local last = redis.call('ZREVRANGE', slotless, 0, 0, 'WITHSCORES')[2]
  redis.call('ZADD', slotless, place or score_text(math.max(redis_time(), tonumber(last or 0) + 0.000001)), id)
end

-- Tells whether a job that is about to start has been let through. One that came to its queue
-- otherwise lines up. Where that cannot be told it starts.
local function was_let_through(key, id, queue, now)
  local name, most, millis, burst = limit_of(key)
  local limit = RATE_LIMIT .. name
  local place = most and redis.pcall('ZSCORE', limit .. HOLDERS, id)
  if not most or (place and (not burst or has_place(name, now)))
    or type(redis.pcall('ZCARD', limit .. SLOTLESS)) ~= 'number' then
    return true
  elseif place then
    redis.pcall('ZREM', limit .. HOLDERS, id)
  else
    note_limit(name, most, millis, burst)
  end
  line_up(name, id, type(place) == 'string' and place)
  redis.call('HSET', JOB .. id, 'status', 'rate_limited')
  tick(name, queue, now)
  return false
end

-- Returns when there will be the next place, or nothing, if some have to start before.
local function next_place(name)
  if is_bucket(name) then
    return next_in_bucket(name)
  end
  local millis = whole_number(redis.pcall('HGET', RATE_LIMIT .. name, 'window'))
  local first = tonumber(redis.pcall('ZRANGE', RATE_LIMIT .. name .. HOLDERS, 0, 0, 'WITHSCORES')[2])
  return millis and first and first < math.huge and first + millis / 1000 + MARGIN + 0.000002 or nil
end

-- Notes that a job has started, in place of that it may: as one that holds a place until its
-- window is over. Tells whether it has such a limit.
local function note_start(key, id, execution, queue, now)
  local name, most, _, burst = limit_of(key)
  local limit = RATE_LIMIT .. name
  if not most then
    return false
  end
  redis.pcall('ZREM', limit .. HOLDERS, id)
  if burst then
    spend(name, now)
  else
    redis.pcall('ZADD', limit .. HOLDERS, score_text(now), id .. ':' .. execution)
  end
  if redis.call('EXISTS', limit .. SLOTLESS) == 1 and not redis.pcall('HGET', limit, 'ticks_in') then
    tick(name, queue, next_place(name) or now)
  end
  return true
end

-- Takes that back: the job may start, and if its limit is a bucket as soon as there is a place,
-- for what has come into it since cannot be told from what was taken.
local function forget_start(key, id, execution)
  local name, most, _, burst = limit_of(key)
  if most then
    redis.pcall('ZREM', RATE_LIMIT .. name .. HOLDERS, id .. ':' .. execution)
    redis.pcall('ZADD', RATE_LIMIT .. name .. HOLDERS, burst and score_text(before_all(name)) or '+inf', id)
  end
end
