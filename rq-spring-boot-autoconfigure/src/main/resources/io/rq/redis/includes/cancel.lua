--- @include keys
--- @include clock
--- @include place
--- @include slots
-- Cancels a job that has not ended. A run that is under way keeps its lease: its worker
-- hears of it with its next beat, and only the result is recorded.
local function cancel_job(id, queue, status, stamp)
  local _, found = leave_place(id, queue, status, DEEP)
  if not found then
    redis.call('HSET', JOB .. id, 'stray_id', 1)
  end
  redis.call('HSET', JOB .. id, 'status', 'canceled')
  redis.call('ZADD', CANCELED .. queue, math.floor(redis_time()), id)
  leave_limit(id, redis.call('HGET', JOB .. id, 'rate_limit_key'), stamp)
end
