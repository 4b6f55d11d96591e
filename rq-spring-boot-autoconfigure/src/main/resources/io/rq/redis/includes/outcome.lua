--- @include record
-- Adds what arguments from the given position on say of a run: its start and end in
-- seconds, its end for people, its encoded return value and stack trace or ''.
local function record_run(stream, ttl, kind, worker, execution, at)
  local value, trace = ARGV[at + 3], ARGV[at + 4]
  if value ~= '' then
    record(stream, ttl, kind, worker, 'execution_id', execution, 'execution_started_at', ARGV[at],
      'execution_ended_at', ARGV[at + 1], 'return_value', value)
  elseif trace ~= '' then
    record(stream, ttl, kind, worker, 'execution_id', execution, 'execution_started_at', ARGV[at],
      'execution_ended_at', ARGV[at + 1], 'exc_string', trace)
  else
    record(stream, ttl, kind, worker, 'execution_id', execution, 'execution_started_at', ARGV[at],
      'execution_ended_at', ARGV[at + 1])
  end
end

-- Adds to what a worker has done, if it is still on record.
local function count_outcomes(worker, succeeded, failed, worked)
  if succeeded + failed == 0 or redis.call('EXISTS', worker) == 0 then
    return
  end
  if succeeded > 0 then
    redis.pcall('HINCRBY', worker, 'successful_job_count', succeeded)
  end
  if failed > 0 then
    redis.pcall('HINCRBY', worker, 'failed_job_count', failed)
  end
  redis.pcall('HINCRBYFLOAT', worker, 'total_working_time', worked)
end
