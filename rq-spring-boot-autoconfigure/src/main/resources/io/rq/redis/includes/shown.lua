--- @include keys
-- What observers see of the runs of a worker, by its key, once they have lasted for a beat:
-- all of them, as in RQ 3, and one as the job at hand, as in RQ before that (protocol 12.1).
local function show_runs(worker, members, lease)
  local runs = worker .. WORKER_RUNS
  redis.pcall('SADD', runs, unpack(members))
  redis.call('EXPIRE', runs, lease)
  redis.pcall('HSETNX', worker, 'current_job', members[1]:match('^[^:]*'))
end

local function hide_run(worker, id, execution)
  local runs = worker .. WORKER_RUNS
  redis.pcall('SREM', runs, id .. ':' .. execution)
  if redis.pcall('HGET', worker, 'current_job') == id then
    local other = redis.pcall('SRANDMEMBER', runs)
    redis.call('HDEL', worker, 'current_job', 'current_job_working_time')
    if type(other) == 'string' then
      redis.call('HSET', worker, 'current_job', other:match('^[^:]*'))
    end
  end
end
