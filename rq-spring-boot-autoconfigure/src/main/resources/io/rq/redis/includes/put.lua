--- @include keys
--- @include schedule
-- Notes that a job waits on its queue, with more fields and values and the time to live if
-- it has one.
local function mark_as_queued(id, ttl, ...)
  redis.call('HSET', JOB .. id, 'status', 'queued', ...)
  if ttl then
    redis.call('EXPIRE', JOB .. id, ttl)
  end
end

-- Puts a job on its queue. Returns nothing, or the error, with nothing written, where the
-- queue takes none.
local function put_on_queue(id, queue, front, ttl, ...)
  local pushed = redis.pcall(front and 'LPUSH' or 'RPUSH', QUEUE .. queue, id)
  if type(pushed) ~= 'number' then
    return pushed
  end
  mark_as_queued(id, ttl, ...)
end

-- How long a job lives that is to wait for so many seconds: as long as RQ lets it, but it
-- is never gone before (W37).
local function lifetime_until(ttl, wait)
  return ttl > wait and ttl or ttl + math.ceil(wait)
end

-- Puts a job into the registry of scheduled jobs, with more fields and values.
local function put_for_later(id, queue, now, due, ttl, ...)
  schedule(id, queue, due)
  redis.call('HSET', JOB .. id, 'status', 'scheduled', ...)
  if ttl then
    redis.call('EXPIRE', JOB .. id, lifetime_until(ttl, due - now))
  end
end
