--[[
Cancels a job, so that it does not run (protocol 13). A run that is under way keeps its
lease: its worker hears of it with its next beat, and only the result is recorded.

KEYS[1]  job (hash)
ARGV[1]  job id
ARGV[2]  1 to put the jobs that wait for this one on their queues, else 0
ARGV[3]  time for people, as it stands in job hashes

Replies: {1}          cancelled, now or before
         {0}          there is no such job
         {2, status}  nothing changed: the job has ended, or its status is not known here
]]
--- @include keys
--- @include types
--- @include cancel
--- @include dependents
local CANCELABLE = { [''] = true, created = true, queued = true, started = true, scheduled = true, deferred = true,
  canceled = true, rate_limited = true, ready_to_enqueue = true }
local id = ARGV[1]
local stored = redis.call('HMGET', KEYS[1], 'status', 'data', 'origin')
local status, queue = stored[1] or '', stored[3] or ''
if not stored[2] then
  return { 0 }
elseif not CANCELABLE[status] then
  return { 2, status }
end
local registry = CANCELED .. queue
require_type('zset', registry)
-- The first write is one that a full Redis does not refuse.
redis.call('HDEL', KEYS[1], '')
if status ~= 'canceled' then
  cancel_job(id, queue, status, ARGV[3])
end
if ARGV[2] == '1' then
  release_dependents(id, queue, false, ARGV[3])
end
return { 1 }
