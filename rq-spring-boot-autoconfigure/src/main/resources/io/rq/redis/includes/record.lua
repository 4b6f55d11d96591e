-- For how long attempts are kept of a job that is kept for ever.
local YEAR = '31536000'

-- Adds an entry to the results or attempts of a job. A key that is no stream is left as
-- it is: an outcome without its entry is better than none.
local function record(stream, ttl, kind, worker, ...)
  redis.pcall('XADD', stream, 'MAXLEN', '10', '*', 'type', kind, 'worker_name', worker, ...)
  set_lifetime(ttl, stream)
end

-- How long the attempts of a job are kept: they have a time to live in any case.
local function attempts_lifetime(ttl)
  return ttl == '-1' and YEAR or ttl
end

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
