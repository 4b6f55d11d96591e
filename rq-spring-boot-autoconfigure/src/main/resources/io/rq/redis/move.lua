--[[
Moves a job that does not run to another queue, with the place it has: to the end of that
queue, or with its score into the same registry. Both queues lie on one node.

KEYS[1]  job (hash)
ARGV[1]  job id
ARGV[2]  name of the other queue
ARGV[3]  time for people, as it stands in job hashes
ARGV[4]  nonce of the call

Replies: {1}          it belongs to that queue, now or before
         {0}          there is no such job
         {2, status}  nothing changed: the job runs, or is about to wait, or its status is
           not known here
]]
--- @include keys
--- @include types
--- @include place
--- @include revoke
--- @include schedule
--- @include put
--- @include elsewhere
--- @include once
local REGISTRIES = { scheduled = SCHEDULED, deferred = DEFERRED, finished = FINISHED, failed = FAILED,
  stopped = FAILED, canceled = CANCELED }
local PLACELESS = { [''] = true, created = true, rate_limited = true }
local earlier = earlier_reply(ARGV[4])
if earlier then
  return earlier
end
local id, queue = ARGV[1], ARGV[2]
local stored = redis.call('HMGET', KEYS[1], 'status', 'data', 'origin')
local status, origin = stored[1] or '', stored[3] or ''
local registry = REGISTRIES[status]
if not stored[2] then
  return { 0 }
elseif not registry and status ~= 'queued' and not PLACELESS[status] then
  return { 2, status }
elseif origin == queue then
  return { 1 }
end
require_type('list', QUEUE .. origin, QUEUE .. queue)
if registry then
  require_type('zset', registry .. origin, registry .. queue)
end
-- The first write is one that a full Redis does not refuse.
redis.call('HDEL', KEYS[1], '')
if registry then
  local score = redis.call('ZSCORE', registry .. origin, id)
  redis.call('ZREM', registry .. origin, id)
  if score and status == 'scheduled' then
    schedule(id, queue, tonumber(score))
  elseif score then
    redis.call('ZADD', registry .. queue, score, id)
  end
elseif status == 'queued' then
  local length = redis.call('LLEN', QUEUE .. origin)
  take_off_popped(id, origin)
  take_off(QUEUE .. origin, id, DEEP)
  if redis.call('LLEN', QUEUE .. origin) == length then
    -- It may be further inside, or a worker has taken it: none is to start the job from there.
    redis.call('HSET', KEYS[1], 'stray_id', 1)
  end
  put_on_queue(id, queue, false, nil, 'enqueued_at', ARGV[3])
end
if status == 'canceled' or status == 'stopped' then
  revoke_leases(id, origin)
end
redis.call('HSET', KEYS[1], 'origin', queue)
announce(queue)
remember(ARGV[4], { 1 })
return { 1 }
