--- @include keys
-- Tells whether a job of the same node need not be waited for (any more), by the one rule
-- for all moments (protocol 10): one that is gone counts as finished.
local function has_ended(parent, allow_failure)
  local status = redis.pcall('HGET', JOB .. parent, 'status')
  return not status or status == 'finished' or (status == 'failed' and allow_failure)
end
