-- Puts a job into the registry of scheduled jobs and tells the schedulers if it is now
-- the next one due. A user without the channel schedules too: schedulers look by themselves.
local function schedule(id, queue, due)
  local scheduled = PREFIX .. 'scheduled:' .. queue
  redis.call('ZADD', scheduled, score_text(due), id)
  if redis.call('ZRANGE', scheduled, 0, 0)[1] == id then
    redis.pcall('PUBLISH', WAKE, queue)
  end
end

-- A scheduled job lives as long as RQ lets it, but is never gone before it is due (W37).
local function scheduled_lifetime(ttl, wait)
  return ttl > wait and ttl or ttl + math.ceil(wait)
end
