--- @include keys
--- @include clock
--- @include number
--- @include put
--- @include elsewhere
-- Rate limits (protocol 11.5), whose keys all queues share: so many jobs of a key at most are
-- on queues or run, the others wait for a slot. One call looks at so many of them.
local MOST_WAITING = 1000

-- Puts a job on its queue that waits for a slot, and gives it one. Returns nothing, or 1 if
-- it went, or 0 if it was none that waits.
local function admit(id, key, stamp)
  local job = redis.pcall('HMGET', JOB .. id, 'status', 'origin', 'enqueue_at_front')
  local waits = job[1] == 'rate_limited' and job[2]
  if waits and put_on_queue(id, job[2], job[3] == '1', nil, 'enqueued_at', stamp) then
    return
  end
  redis.call('ZREM', RATE_LIMIT .. key .. SLOTLESS, id)
  if waits then
    redis.call('ZADD', RATE_LIMIT .. key .. HOLDERS, math.floor(redis_time()), id)
    announce(job[2])
  end
  return waits and 1 or 0
end

-- Gives free slots to those that wait, first come, first served. One whose queue takes none
-- goes on waiting; a few of them keep nobody else from going.
local function fill_slots(key, stamp)
  local held = redis.pcall('ZCARD', RATE_LIMIT .. key .. HOLDERS)
  local most = whole_number(redis.pcall('HGET', RATE_LIMIT .. key, 'concurrency'))
  local free = type(held) == 'number' and most and most - held or 0
  local seen, gone = 0, 1
  while free > 0 and gone > 0 and seen < MOST_WAITING do
    gone = 0
    for _, id in ipairs(redis.pcall('ZRANGE', RATE_LIMIT .. key .. SLOTLESS, 0, math.min(free, 100) + 9)) do
      local admitted = free > 0 and admit(id, key, stamp)
      gone = gone + (admitted and 1 or 0)
      free = free - (admitted or 0)
      seen = seen + 1
    end
  end
end

-- Tells whether a job may keep its slot: it is on its queue, or a run of it lasts.
local function keeps_slot(id)
  local status = redis.pcall('HGET', JOB .. id, 'status')
  return status == 'queued' or status == 'started'
    or (status == 'canceled' and redis.pcall('ZCOUNT', EXECUTIONS .. id, score_text(redis_time()), '+inf') ~= 0)
end

-- Gives the slot of a job to the next, unless it goes on with it.
local function leave_slot(id, key, stamp)
  if ONE_NODE and key and key ~= '' and not keeps_slot(id) then
    redis.pcall('ZREM', RATE_LIMIT .. key .. HOLDERS, id)
    fill_slots(key, stamp)
  end
end

-- Takes a job out of its limit, whether it has a slot or waits for one.
local function leave_limit(id, key, stamp)
  if ONE_NODE and key and key ~= '' then
    redis.pcall('ZREM', RATE_LIMIT .. key .. SLOTLESS, id)
    leave_slot(id, key, stamp)
  end
end

-- Tells whether a job has a limit, by its fields.
local function is_limited(key, most)
  return ONE_NODE and key and key ~= '' and (whole_number(most) or 0) > 0
end

-- Returns nothing, or the error where a key of a limit holds a value of another type.
local function limit_refusal(key)
  local limit = RATE_LIMIT .. key
  for command, at in pairs({ SCARD = RATE_LIMITS, HLEN = limit }) do
    local size = redis.pcall(command, at)
    if type(size) ~= 'number' then
      return size
    end
  end
  for _, part in ipairs({ HOLDERS, SLOTLESS }) do
    local size = redis.pcall('ZCARD', limit .. part)
    if type(size) ~= 'number' then
      return size
    end
  end
end

-- Lets a job wait for a slot, with more fields and values. The concurrency of a limit is that
-- of the last job to come, as in RQ. Scores grow from one job to the next (W43).
local function wait_for_slot(id, key, most, front, ttl, ...)
  local slotless = RATE_LIMIT .. key .. SLOTLESS
  redis.call('SADD', RATE_LIMITS, key)
  redis.call('HSET', RATE_LIMIT .. key, 'concurrency', whole_number(most))
  local last = redis.call('ZREVRANGE', slotless, 0, 0, 'WITHSCORES')[2]
  redis.call('ZADD', slotless, score_text(math.max(redis_time(), tonumber(last or 0) + 0.000001)), id)
  redis.call('HSET', JOB .. id, 'status', 'rate_limited', ...)
  if front then
    redis.call('HSET', JOB .. id, 'enqueue_at_front', 1)
  end
  if ttl then
    redis.call('EXPIRE', JOB .. id, ttl)
  end
end

-- Puts a job on its queue, by way of its limit if it has one. Returns nothing, or the error,
-- with nothing written, where it cannot be put there.
local function put_through(id, queue, front, ttl, key, most, stamp, ...)
  if not is_limited(key, most) then
    return put_on_queue(id, queue, front, ttl, 'enqueued_at', stamp, ...)
  end
  local refusal = limit_refusal(key)
  if not refusal then
    wait_for_slot(id, key, most, front, ttl, ...)
    fill_slots(key, stamp)
  end
  return refusal
end
