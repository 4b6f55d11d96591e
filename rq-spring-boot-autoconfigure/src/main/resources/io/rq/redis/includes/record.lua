--- @include keys
--- @include lifetime
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
