--- @include keys
--- @include clock
-- The queue whose scheduler runs the script, if one does: it learns from the reply what is due later.
local promoted

-- Enters a job as scheduled and tells the schedulers if it is now the next one due. A user
-- without the channel schedules too: schedulers look by themselves.
local function schedule(id, queue, due)
  local scheduled = SCHEDULED .. queue
  redis.call('ZADD', scheduled, score_text(due), id)
  local is_told = queue == promoted and score_text(due) > score_text(redis_time())
  if not is_told and redis.call('ZRANGE', scheduled, 0, 0)[1] == id then
    redis.pcall('PUBLISH', WAKE, queue)
  end
end
