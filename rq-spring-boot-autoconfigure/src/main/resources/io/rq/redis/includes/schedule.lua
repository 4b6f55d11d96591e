-- Puts a job into the registry of scheduled jobs and tells the schedulers if it is now
-- the next one due.
local function schedule(prefixes, id, queue, due)
  local scheduled = prefixes.registry .. 'scheduled:' .. queue
  redis.call('ZADD', scheduled, score_text(due), id)
  if redis.call('ZRANGE', scheduled, 0, 0)[1] == id then
    redis.call('PUBLISH', prefixes.wake, queue)
  end
end
