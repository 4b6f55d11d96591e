--- @include keys
--- @include lifetime
-- For how long attempts are kept of a job that is kept for ever.
local YEAR = '31536000'

-- Makes a stream of one entry, if there is none. Redis sets 4 KB aside for entries to
-- come (stream-node-max-bytes), and copies only what is used: that takes a third of the
-- time and a tenth of the memory.
local function new_stream(stream, ...)
  if type(redis.pcall('XADD', RECORDING, '*', ...)) ~= 'string' then
    return false
  end
  local copied = redis.pcall('COPY', RECORDING, stream)
  redis.call('DEL', RECORDING)
  return copied == 1
end

-- Adds an entry to the results or attempts of a job. A key that is no stream is left as
-- it is: an outcome without its entry is better than none.
local function record(stream, ttl, kind, worker, ...)
  if not new_stream(stream, 'type', kind, 'worker_name', worker, ...) then
    redis.pcall('XADD', stream, 'MAXLEN', '10', '*', 'type', kind, 'worker_name', worker, ...)
  end
  set_lifetime(ttl, stream)
end

-- How long the attempts of a job are kept: they have a time to live in any case.
local function attempts_lifetime(ttl)
  return ttl == '-1' and YEAR or ttl
end
