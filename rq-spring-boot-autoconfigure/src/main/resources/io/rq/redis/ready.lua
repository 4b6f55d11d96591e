--[[
Puts jobs on their queue, by way of their rate limit if they have one, that a process of RQ 3
was about to put there (protocol 10) and did not.

KEYS[1]  jobs of the queue that are ready to be enqueued (sorted set)
ARGV[1]  queue name
ARGV[2]  seconds for which RQ is left to do it
ARGV[3]  number of jobs at most
ARGV[4]  time for people, as it stands in job hashes

Replies: {taken, moved}
           number of entries that were taken off
           number of jobs that went
]]
--- @include keys
--- @include clock
--- @include number
--- @include elsewhere
--- @include through
local taken, moved = 0, 0
-- The first write is one that a full Redis does not refuse.
redis.call('ZREM', KEYS[1], '')
local latest = score_text(redis_time() - ARGV[2])
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', latest, 'LIMIT', 0, ARGV[3])) do
  local job = redis.pcall('HMGET', JOB .. id, 'status', 'enqueue_at_front', 'ttl', 'rate_limit_key',
    'rate_limit_concurrency')
  local ready = job[1] == 'ready_to_enqueue'
  if not (ready and put_through(id, ARGV[1], job[2] == '1', time_to_live(job[3]), job[4], job[5], ARGV[4])) then
    redis.call('ZREM', KEYS[1], id)
    taken = taken + 1
    moved = moved + (ready and 1 or 0)
  end
end
if moved > 0 then
  announce(ARGV[1])
end
return { taken, moved }
