--- @include keys
--- @include number
--- @include execution
--- @include shown
--- @include put
--- @include through
--- @include under-way
-- Puts a job back at the front of its queue as if it had not been taken. Returns false if
-- the lease of the execution was lost, or where the queue is no list: then the lease stays.
-- A worker, by its key, may have written of it in beats. With a time for people the run had
-- begun: that counts where the starts of a limit do. It was enqueued at that time when it was
-- claimed, '' for any.
local function unclaim(id, queue, execution, enqueued_at, worker, begun)
  local job = JOB .. id
  local wip, member = WIP .. queue, id .. ':' .. execution
  local held = redis.call('ZSCORE', wip, member)
  forget_execution(id, execution)
  if worker then
    hide_run(worker, id, execution)
  end
  if not held then
    return false
  end
  local stored = redis.pcall('HMGET', job, 'status', 'ttl', 'rate_limit_key', 'enqueued_at')
  if stored[1] and decides(id, queue, stored[1], enqueued_at, stored[4]) then
    local counts = begun and stored[3] and is_by_time(limit_of(stored[3]))
    local refusal
    if counts then
      refusal = put_again(id, queue, true, time_to_live(stored[2]), stored[3], begun)
    else
      refusal = put_on_queue(id, queue, true, time_to_live(stored[2]))
    end
    if refusal then
      return false
    end
    redis.call('HDEL', job, 'started_at', 'worker_name')
    redis.call('HSET', job, 'last_heartbeat', '')
    if stored[3] and not counts then
      forget_start(stored[3], id, execution)
    end
  end
  redis.call('ZREM', wip, member)
  return true
end
