--- @include keys
--- @include visits
-- What a claim takes off its queue and does not run. The script has set: now, stamp, worker, unfit.
local dropped = {}

local function drop(id, reason)
  dropped[#dropped + 1] = id
  dropped[#dropped + 1] = reason
end

-- A job that cannot be handed to a worker fails. Nothing in here may raise: the ids taken
-- before would be lost.
local function set_aside(id, job, queue, trace)
  local ttl = unfit.ttl
  redis.call('HSET', job, 'status', 'failed', 'ended_at', stamp)
  redis.call('EXPIRE', job, ttl)
  redis.pcall('ZADD', FAILED .. queue, math.floor(now) + ttl, id)
  redis.pcall('XADD', RESULTS .. id, '*', 'type', 2, 'worker_name', worker, 'exc_string', trace)
  redis.call('EXPIRE', RESULTS .. id, ttl)
  if redis.call('EXISTS', job .. DEPENDENTS) == 1 then
    go_on_later(queue, id, 'failed', '0')
  end
end
