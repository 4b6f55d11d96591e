--- @include keys
--- @include start
--- @include windows
-- What a claim writes of the jobs that it takes, or of those that it cannot. The script has
-- set: now, expiry, stamp, worker.

-- RQ 3 gives the slot of a limit away whose job shows no run.
local function show_execution(id, execution)
  redis.pcall('HSET', EXECUTION .. id .. ':' .. execution, 'id', execution, 'job_id', id, 'created_at', score_text(now),
    'last_heartbeat', score_text(now), 'worker_name', worker)
  redis.call('EXPIREAT', EXECUTION .. id .. ':' .. execution, expiry)
  redis.pcall('ZADD', EXECUTIONS .. id, expiry, execution)
  redis.call('EXPIREAT', EXECUTIONS .. id, expiry)
end

local function mark_as_started(id)
  redis.call('HSET', JOB .. id, 'status', 'started', 'started_at', stamp, 'last_heartbeat', stamp,
    'worker_name', worker)
  -- A hash has a time to live by its field, or from an earlier run (W27): RQ and we write
  -- 'started_at' in every run, RQ in every requeue too.
  if starts[id].temporary then
    redis.call('PERSIST', JOB .. id)
  end
  if starts[id].anew then
    redis.call('HDEL', JOB .. id, 'attempts', 'reclaims')
  end
  local limit = starts[id].limit
  if limit and not note_start(limit.key, id, limit.execution, limit.queue, now) then
    show_execution(id, limit.execution)
  end
end

local function put_back(id)
  redis.call('LPUSH', starts[id].list, id)
  jobs[starts[id].at] = {}
end
