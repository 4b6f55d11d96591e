--- @include slots
-- The way to a queue by way of a rate limit.

-- Tells whether a job has a limit, by its fields.
local function is_limited(key, most)
  return key and key ~= '' and (is_by_time(limit_of(key)) or (whole_number(most) or 0) > 0)
end

-- Returns nothing, or the error and the key where one of a limit holds a value of another type.
local function limit_refusal(key)
  local limit = RATE_LIMIT .. limit_of(key)
  for _, check in ipairs({ { 'SCARD', RATE_LIMITS }, { 'SCARD', RATE_WINDOWS }, { 'HLEN', limit },
    { 'ZCARD', limit .. HOLDERS }, { 'ZCARD', limit .. SLOTLESS } }) do
    local size = redis.pcall(check[1], check[2])
    if type(size) ~= 'number' then
      return size, check[2]
    end
  end
end

-- Lets a job wait for a slot, with more fields and values. The numbers of a limit are those of
-- the last job to come, as in RQ.
local function wait_for_slot(id, key, concurrency, front, ttl, ...)
  local name, most, millis, burst = limit_of(key)
  if most then
    note_limit(name, most, millis, burst)
  else
    redis.call('SADD', RATE_LIMITS, name)
    redis.call('HSET', RATE_LIMIT .. name, 'concurrency', whole_number(concurrency))
  end
  line_up(name, id)
  redis.call('HSET', JOB .. id, 'status', 'rate_limited', ...)
  if front then
    redis.call('HSET', JOB .. id, 'enqueue_at_front', 1)
  end
  if ttl then
    redis.call('EXPIRE', JOB .. id, ttl)
  end
end

-- Puts a job on its queue, by way of its limit if it has one. Returns nothing, or the error,
-- with nothing written, where it cannot be put there, and the key if it is one of the limit.
local function put_through(id, queue, front, ttl, key, most, stamp, ...)
  if not is_limited(key, most) then
    return put_on_queue(id, queue, front, ttl, 'enqueued_at', stamp, ...)
  end
  local refusal, other = limit_refusal(key)
  if not refusal then
    wait_for_slot(id, key, most, front, ttl, ...)
    fill_slots((limit_of(key)), stamp)
  end
  return refusal, other
end

-- Puts a job on its queue for another run. With a limit by time that is another start, which
-- may have to wait; with any other it has its slot. Returns nothing, or the error, with nothing
-- written, where it cannot be put there.
local function put_again(id, queue, front, ttl, key, stamp)
  local by_time = key and is_by_time(limit_of(key))
  if not by_time or put_through(id, queue, false, ttl, key, nil, stamp) then
    return put_on_queue(id, queue, front, ttl, 'enqueued_at', stamp)
  end
end
