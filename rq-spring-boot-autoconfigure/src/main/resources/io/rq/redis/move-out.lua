--[[
Takes a job that does not run out of its queue, to be moved to one on another node, and notes
that in the list of what is to be done elsewhere. From here on nobody can do anything to the
job until it is there.

KEYS[1]  job (hash)
ARGV[1]  job id
ARGV[2]  name of the other queue
ARGV[3]  1 if that has a job of this id, else 0
ARGV[4]  nonce of the call, by which the job is known on its way

Replies: {1}                  it is on its way, or belongs to that queue already
         {0}                  there is no such job
         {2, status}          nothing changed: the job runs, or is about to wait, or its status
           is not known here
         {3, status, reason}  nothing changed: the job cannot leave its node because of a
           namesake on the other queue, its parents, its dependents or its limit
]]
--- @include keys
--- @include place
--- @include revoke
--- @include groups
--- @include through
--- @include once
--- @include places
--- @include moving
local PLACELESS = { [''] = true, created = true, rate_limited = true, deferred = true }
-- How long it is remembered of an id that it may be left on a list.
local WEEK = 604800
local earlier = earlier_reply(ARGV[4])
if earlier then
  return earlier
end
local id, job = ARGV[1], KEYS[1]
local stored = redis.call('HMGET', job, 'status', 'data', 'origin', 'rate_limit_key', 'rate_limit_concurrency',
  'group_id', 'stray_id')
local status, origin = stored[1] or '', stored[3] or ''
local registry = PLACES[status]
if not stored[2] then
  return { 0 }
elseif not registry and status ~= 'queued' and not PLACELESS[status] then
  return { 2, status }
elseif origin == ARGV[2] then
  return { 1 }
end
local reason = ARGV[3] == '1' and 'namesake' or status == 'deferred' and 'parents'
  or redis.call('EXISTS', job .. DEPENDENTS) == 1 and 'dependents'
  or (status == 'rate_limited' or is_limited(stored[4], stored[5])) and 'limit'
if reason then
  return { 3, status, reason }
end
-- The first write is one that a full Redis does not refuse.
redis.call('HDEL', job, '')
local score = registry and redis.pcall('ZSCORE', registry .. origin, id)
local stray = stored[7] or not leave_place(id, origin, status, DEEP)
if status == 'canceled' or status == 'stopped' then
  revoke_leases(id, origin)
end
for _, key in ipairs(moving_keys(id, ARGV[4])) do
  if redis.call('EXISTS', key[1]) == 1 then
    redis.call('RENAME', key[1], key[2])
  end
end
redis.call('HDEL', MOVING .. ARGV[4], 'stray_id')
if stray then
  redis.call('HSET', job, 'stray_id', 1)
  redis.call('EXPIRE', job, WEEK)
end
deliver('moved', ARGV[2], id, type(score) == 'string' and score or '-', ARGV[4])
if stored[6] then
  leave_group(stored[6], origin, id)
end
remember(ARGV[4], { 1 })
return { 1 }
