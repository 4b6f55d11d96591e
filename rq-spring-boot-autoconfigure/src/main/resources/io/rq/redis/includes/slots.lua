--- @include keys
--- @include clock
--- @include number
--- @include put
--- @include elsewhere
--- @include windows
-- Rate limits (protocol 11.5), whose keys all queues share that lie on one node: so many jobs of a key at most are
-- on queues or run, the others wait for a slot. One call looks at so many of them.
local MOST_WAITING = 1000

-- Puts a job on its queue that waits for a slot, and gives it one: until it starts, where the
-- limit is one by time. Returns nothing, or 1 if it went, or 0 if it was none that waits.
local function admit(id, name, stamp)
  local limit = RATE_LIMIT .. name
  local job = redis.pcall('HMGET', JOB .. id, 'status', 'origin', 'enqueue_at_front')
  local waits = job[1] == 'rate_limited' and job[2]
  if waits and put_on_queue(id, job[2], job[3] == '1', nil, 'enqueued_at', stamp) then
    return
  end
  local place = is_bucket(name) and redis.call('ZSCORE', limit .. SLOTLESS, id)
  redis.call('ZREM', limit .. SLOTLESS, id)
  if waits then
    redis.call('ZADD', limit .. HOLDERS, place or is_window(name) and '+inf' or math.floor(redis_time()), id)
    announce(job[2])
  end
  return waits and 1 or 0
end

-- Forgets starts that are no longer in the window.
local function forget_old_starts(name)
  local millis = is_window(name) and whole_number(redis.pcall('HGET', RATE_LIMIT .. name, 'window'))
  if millis then
    redis.pcall('ZREMRANGEBYSCORE', RATE_LIMIT .. name .. HOLDERS, '-inf',
      '(' .. score_text(redis_time() - millis / 1000 - MARGIN))
  end
end

-- Has those that wait looked at again when there is the next place.
local function tick_for(name)
  local due = next_place(name)
  local head = due and redis.pcall('ZRANGE', RATE_LIMIT .. name .. SLOTLESS, 0, 0)[1]
  local queue = head and redis.pcall('HGET', JOB .. head, 'origin')
  if type(queue) == 'string' then
    tick(name, queue, due)
  else
    tick(name)
  end
end

-- Returns how many more jobs may be let through.
local function free_slots(name)
  local held = redis.pcall('ZCARD', RATE_LIMIT .. name .. HOLDERS)
  local most = whole_number(redis.pcall('HGET', RATE_LIMIT .. name, 'concurrency'))
  if type(held) ~= 'number' or not most then
    return 0
  end
  return is_bucket(name) and places_in_bucket(name, held) or most - held
end

-- Gives free slots to those that wait, first come, first served. One whose queue takes none
-- goes on waiting; a few of them keep nobody else from going. Returns how many were looked at.
local function fill_slots(name, stamp)
  forget_old_starts(name)
  local free = free_slots(name)
  local seen, gone = 0, 1
  while free > 0 and gone > 0 and seen < MOST_WAITING do
    gone = 0
    for _, id in ipairs(redis.pcall('ZRANGE', RATE_LIMIT .. name .. SLOTLESS, 0, math.min(free, 100) + 9)) do
      local admitted = free > 0 and admit(id, name, stamp)
      gone = gone + (admitted and 1 or 0)
      free = free - (admitted or 0)
      seen = seen + 1
    end
  end
  if is_by_time(name) then
    tick_for(name)
  end
  return seen
end

-- Forgets a limit that has no jobs, no starts that count and, if it is a bucket, a full one.
local function forget_limit(name)
  local limit = RATE_LIMIT .. name
  if redis.pcall('ZCARD', limit .. HOLDERS) ~= 0 or redis.pcall('ZCARD', limit .. SLOTLESS) ~= 0
    or type(redis.pcall('HLEN', limit)) ~= 'number' then
    return
  end
  local left, burst = in_bucket(name, redis_time())
  if left == burst then
    redis.pcall('SREM', is_by_time(name) and RATE_WINDOWS or RATE_LIMITS, name)
    redis.call('DEL', limit)
  end
end

-- Tells whether a job may keep its slot: it is on its queue, or a run of it lasts.
local function keeps_slot(id)
  local status = redis.pcall('HGET', JOB .. id, 'status')
  return status == 'queued' or status == 'started'
    or (status == 'canceled' and redis.pcall('ZCOUNT', EXECUTIONS .. id, score_text(redis_time()), '+inf') ~= 0)
end

-- Gives what is free of a limit, if there is one, to the next.
local function pass_on(name, stamp)
  if name then
    fill_slots(name, stamp)
    forget_limit(name)
  end
end

-- Takes the slot of a job, unless it goes on with it. Returns the limit, to be passed on, or
-- nothing.
local function take_slot(id, key)
  if key and key ~= '' and not keeps_slot(id) then
    redis.pcall('ZREM', RATE_LIMIT .. limit_of(key) .. HOLDERS, id)
    return (limit_of(key))
  end
end

-- Gives the slot of a job to the next, unless it goes on with it.
local function leave_slot(id, key, stamp)
  pass_on(take_slot(id, key), stamp)
end

-- Takes a job out of its limit, whether it has a slot or waits for one. Returns the limit, to be
-- passed on, or nothing.
local function take_out(id, key)
  if key and key ~= '' then
    redis.pcall('ZREM', RATE_LIMIT .. limit_of(key) .. SLOTLESS, id)
    return take_slot(id, key)
  end
end

-- Takes a job out of its limit and gives its slot, if it had one, to the next.
local function leave_limit(id, key, stamp)
  pass_on(take_out(id, key), stamp)
end
