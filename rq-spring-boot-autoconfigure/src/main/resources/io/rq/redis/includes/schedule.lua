--- @include keys
--- @include clock
-- Enters a job as scheduled and tells the schedulers if it is now the next one due. A user
-- without the channel schedules too: schedulers look by themselves.
local function schedule(id, queue, due)
  local scheduled = SCHEDULED .. queue
  redis.call('ZADD', scheduled, score_text(due), id)
  if redis.call('ZRANGE', scheduled, 0, 0)[1] == id then
    redis.pcall('PUBLISH', WAKE, queue)
  end
end
