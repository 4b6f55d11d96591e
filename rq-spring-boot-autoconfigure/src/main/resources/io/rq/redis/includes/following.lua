--- @include keys
--- @include put
--- @include elsewhere
--- @include refused
-- Enqueues a job that follows from an outcome, with the outcome: neither is there without
-- the other (W33). A value has no line breaks.
local function enqueue_following(id, queue, stamp, ...)
  if not ONE_NODE then
    return deliver('job', queue, id, ...)
  end
  if redis.call('EXISTS', JOB .. id) == 0 then
    if put_on_queue(id, queue, false, nil, 'enqueued_at', stamp, ...) then
      refused[QUEUE .. queue] = true
    end
    announce(queue)
  end
end
