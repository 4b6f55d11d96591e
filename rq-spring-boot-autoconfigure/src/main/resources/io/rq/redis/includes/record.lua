-- Adds an entry to the results of a job. A key that is no stream is left as it is: an
-- outcome without its entry is better than none.
local function record(id, ttl, kind, worker, ...)
  local results = RESULTS .. id
  redis.pcall('XADD', results, 'MAXLEN', '10', '*', 'type', kind, 'worker_name', worker, ...)
  set_lifetime(ttl, results)
end

-- Adds what arguments from the given position on say of a run: its start and end in
-- seconds, its end for people, its encoded return value and stack trace or ''.
local function record_run(id, ttl, kind, worker, execution, at)
  local value, trace = ARGV[at + 3], ARGV[at + 4]
  if value ~= '' then
    record(id, ttl, kind, worker, 'execution_id', execution, 'execution_started_at', ARGV[at],
      'execution_ended_at', ARGV[at + 1], 'return_value', value)
  elseif trace ~= '' then
    record(id, ttl, kind, worker, 'execution_id', execution, 'execution_started_at', ARGV[at],
      'execution_ended_at', ARGV[at + 1], 'exc_string', trace)
  else
    record(id, ttl, kind, worker, 'execution_id', execution, 'execution_started_at', ARGV[at],
      'execution_ended_at', ARGV[at + 1])
  end
end
