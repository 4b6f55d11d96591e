--- @include keys
--- @include clock
--- @include number
--- @include put
--- @include elsewhere
--- @include windows
-- Rate limits (protocol 11.5), whose keys all queues share: so many jobs of a key at most are
-- on queues or run, the others wait for a slot. One call looks at so many of them.
local MOST_WAITING = 1000

-- Puts a job on its queue that waits for a slot, and gives it one: until it starts, where the
-- limit is one by time. Returns nothing, or 1 if it went, or 0 if it was none that waits.
local function admit(id, name, stamp)
  local job = redis.pcall('HMGET', JOB .. id, 'status', 'origin', 'enqueue_at_front')
  local waits = job[1] == 'rate_limited' and job[2]
  if waits and put_on_queue(id, job[2], job[3] == '1', nil, 'enqueued_at', stamp) then
    return
  end
  redis.call('ZREM', RATE_LIMIT .. name .. SLOTLESS, id)
  if waits then
    redis.call('ZADD', RATE_LIMIT .. name .. HOLDERS, is_window(name) and '+inf' or math.floor(redis_time()), id)
    announce(job[2])
  end
  return waits and 1 or 0
end

-- The length of a window in seconds, after which starts have been forgotten; or nothing.
local function forget_old_starts(name)
  local millis = is_window(name) and whole_number(redis.pcall('HGET', RATE_LIMIT .. name, 'window'))
  local window = millis and millis / 1000 + MARGIN
  if window then
    redis.pcall('ZREMRANGEBYSCORE', RATE_LIMIT .. name .. HOLDERS, '-inf', '(' .. score_text(redis_time() - window))
  end
  return window
end

-- Has those that wait looked at again when the first start is no longer in the window.
local function tick_for(name, window)
  local first = redis.pcall('ZRANGE', RATE_LIMIT .. name .. HOLDERS, 0, 0, 'WITHSCORES')[2]
  local head = redis.pcall('ZRANGE', RATE_LIMIT .. name .. SLOTLESS, 0, 0)[1]
  local queue = head and first and tonumber(first) < math.huge and redis.pcall('HGET', JOB .. head, 'origin')
  if type(queue) == 'string' then
    tick(name, queue, tonumber(first) + window + 0.000002)
  else
    tick(name)
  end
end

-- Gives free slots to those that wait, first come, first served. One whose queue takes none
-- goes on waiting; a few of them keep nobody else from going.
local function fill_slots(name, stamp)
  local window = forget_old_starts(name)
  local held = redis.pcall('ZCARD', RATE_LIMIT .. name .. HOLDERS)
  local most = whole_number(redis.pcall('HGET', RATE_LIMIT .. name, 'concurrency'))
  local free = type(held) == 'number' and most and most - held or 0
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
  if window then
    tick_for(name, window)
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
    local name = limit_of(key)
    redis.pcall('ZREM', RATE_LIMIT .. name .. HOLDERS, id)
    fill_slots(name, stamp)
  end
end

-- Takes a job out of its limit, whether it has a slot or waits for one.
local function leave_limit(id, key, stamp)
  if ONE_NODE and key and key ~= '' then
    redis.pcall('ZREM', RATE_LIMIT .. limit_of(key) .. SLOTLESS, id)
    leave_slot(id, key, stamp)
  end
end
