--[[
Puts a scheduled job on its queue before it is due, by way of its rate limit if it has one.

KEYS[1]  job (hash)
ARGV[1]  job id
ARGV[2]  1 to go to the front, 0 to where it would go when due
ARGV[3]  time for people, as it stands in job hashes
ARGV[4]  nonce of the call

Replies: {1}          it waits on its queue, or for a slot of its rate limit
         {0}          there is no such job
         {2, status}  nothing changed: the job is not scheduled
]]
--- @include keys
--- @include number
--- @include types
--- @include elsewhere
--- @include once
--- @include through
local earlier = earlier_reply(ARGV[4])
if earlier then
  return earlier
end
local id = ARGV[1]
local stored = redis.call('HMGET', KEYS[1], 'status', 'data', 'origin', 'ttl', 'enqueue_at_front',
  'enqueue_at_front_on_retry', 'ended_at', 'rate_limit_key', 'rate_limit_concurrency')
local status, queue = stored[1] or '', stored[3] or ''
if not stored[2] then
  return { 0 }
elseif status ~= 'scheduled' then
  return { 2, status }
end
require_type('list', QUEUE .. queue)
local refusal = is_limited(stored[8], stored[9]) and limit_refusal(stored[8])
if refusal then
  error(refusal.err)
end
local retried = (stored[7] or '') ~= ''
local front = ARGV[2] == '1' or stored[5] == '1' or (stored[6] == '1' and retried)
-- The first write is one that a full Redis does not refuse.
redis.call('ZREM', SCHEDULED .. queue, id)
put_through(id, queue, front, time_to_live(stored[4]), stored[8], stored[9], ARGV[3])
announce(queue)
remember(ARGV[4], { 1 })
return { 1 }
