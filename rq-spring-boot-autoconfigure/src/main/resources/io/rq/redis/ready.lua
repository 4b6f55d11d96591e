--[[
Puts jobs on their queue, by way of their rate limit if they have one, that a process of RQ 3
was about to put there (protocol 10) and did not. One that a key does not take is left for as
many seconds again.

KEYS[1]  jobs of the queue that are ready to be enqueued (sorted set)
ARGV[1]  queue name
ARGV[2]  seconds for which RQ is left to do it
ARGV[3]  number of jobs at most
ARGV[4]  time for people, as it stands in job hashes

Replies: {seen, moved, {key, ...}}
           number of entries that were looked at
           number of jobs that went
           keys that hold a value of another type, for which jobs were left
]]
--- @include keys
--- @include clock
--- @include number
--- @include elsewhere
--- @include again
local seen, moved = 0, 0
local now = redis_time()
-- The first write is one that a full Redis does not refuse.
redis.call('ZREM', KEYS[1], '')
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', score_text(now - ARGV[2]), 'LIMIT', 0, ARGV[3])) do
  local job = redis.pcall('HMGET', JOB .. id, 'status', 'enqueue_at_front', 'ttl', 'rate_limit_key',
    'rate_limit_concurrency')
  local ready, refusal, key = job[1] == 'ready_to_enqueue', nil, nil
  if ready then
    refusal, key = put_through(id, ARGV[1], job[2] == '1', time_to_live(job[3]), job[4], job[5], ARGV[4])
  end
  if refusal then
    wait_for_key(id, key or QUEUE .. ARGV[1], refusal)
  else
    redis.call('ZREM', KEYS[1], id)
    moved = moved + (ready and 1 or 0)
  end
  seen = seen + 1
end
look_again(KEYS[1], now)
if moved > 0 then
  announce(ARGV[1])
end
return { seen, moved, refused_keys() }
