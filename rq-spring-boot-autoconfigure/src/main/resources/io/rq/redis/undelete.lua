--[[
Puts a deleted job back that is kept aside (protocol 13), where it was: one that waited to the
end of its queue, by way of its rate limit if it has one.

KEYS[1]  kept job (hash)
ARGV[1]  job id
ARGV[2]  time for people, as it stands in job hashes
ARGV[3]  nonce of the call

Replies: {1, status}  it is back
         {0}          no such job is kept
         {2, status}  nothing changed: there is a job of that id again
         {3, status}  nothing changed: it would have expired by now
]]
--- @include keys
--- @include number
--- @include types
--- @include elsewhere
--- @include once
--- @include groups
--- @include through
--- @include aside
local earlier = earlier_reply(ARGV[3])
if earlier then
  return earlier
end
local id, job = ARGV[1], JOB .. ARGV[1]
local kept = redis.call('HMGET', KEYS[1], 'data', 'status', 'origin', 'rate_limit_key', 'rate_limit_concurrency',
  'group_id', 'kept_score', 'kept_expiry')
if not kept[1] then
  return { 0 }
end
local status, queue, limit, score = kept[2], kept[3] or '', kept[4], kept[7]
local living = redis.pcall('HMGET', job, 'data', 'status', 'stray_id')
if living.err or living[1] or redis.call('EXISTS', job .. DEPENDENTS) == 1 then
  return { 2, living[2] or '' }
end
local now, place = redis_time(), PLACES[status]
-- The scores of these are the times at which they expire, without end if negative.
local ends = (place == FINISHED or place == FAILED) and tonumber(score) or -1
if (ends >= 0 and ends <= now) or (kept[8] and tonumber(kept[8]) <= now * 1000) then
  return { 3, status }
end
require_type(place and 'zset' or 'list', (place or QUEUE) .. queue)
local refusal = not place and is_limited(limit, kept[5]) and limit_refusal(limit)
if refusal then
  error(refusal.err)
end

-- The first write is one that a full Redis does not refuse.
for _, key in ipairs(kept_keys(id)) do
  if redis.call('EXISTS', key[2]) == 1 then
    redis.call('RENAME', key[2], key[1])
    redis.call('PERSIST', key[1])
    local expiry = redis.call('HGET', job, key[3])
    if expiry then
      redis.call('PEXPIREAT', key[1], expiry)
    end
  end
  redis.call('HDEL', job, key[3], 'kept_score')
end
if living[3] then
  redis.call('HSET', job, 'stray_id', 1)
end
if status == 'scheduled' then
  schedule(id, queue, tonumber(score) or now)
elseif place and score then
  redis.call('ZADD', place .. queue, score, id)
elseif status == 'queued' or status == 'rate_limited' then
  put_through(id, queue, false, nil, limit, kept[5], ARGV[2])
end
if kept[6] then
  join_group(kept[6], queue, id)
end
announce(queue)
local reply = { 1, redis.call('HGET', job, 'status') }
remember(ARGV[3], reply)
return reply
