--[[
Stores a new job, whose id was made for it, and puts it on its queue. A client repeats a call
when its connection breaks before the reply: a job of that id is left as it is.

KEYS[1]   queue (list)
ARGV[1]   time for people, as it stands in job hashes
ARGV[2]   job id
ARGV[3]   queue name
ARGV[4]   1 to go to the front, else 0
ARGV[5]   time to live in seconds or ''
ARGV[6..] field, value, ... of the job's hash

Replies: {0, 1 if there may be something to deliver elsewhere, else 0}
]]
--- @include keys
--- @include limits
--- @include put
--- @include elsewhere
local id, queue, ttl = ARGV[2], ARGV[3], ARGV[5]
if redis.call('EXISTS', JOB .. id) == 1 then
  return { 0, 1 }
end
local added = announce(queue)
if type(added) ~= 'number' then
  return added
end
local refusal = put_on_queue(id, queue, ARGV[4] == '1', ttl ~= '' and math.min(ttl, LONGEST), 'enqueued_at', ARGV[1],
  unpack(ARGV, 6))
if refusal and added == 1 then
  redis.call('SREM', QUEUES, KEYS[1])
end
return refusal or { 0, added }
