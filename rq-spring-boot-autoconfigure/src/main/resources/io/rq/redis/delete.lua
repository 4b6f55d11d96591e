--[[
Deletes jobs with all that is theirs (protocol 13), results too (W18). A run that is under way
loses its lease. Jobs that wait for one of them go on waiting, unless they are deleted before.
They may be kept aside for a while, where nobody but undelete looks for them.

KEYS[1]   first job (hash)
ARGV[1]   1 to leave jobs alone that others wait for, else 0
ARGV[2]   nonce of the call
ARGV[3]   time for people, as it stands in job hashes
ARGV[4]   milliseconds for which they are kept aside, 0 to keep none
ARGV[5]   bulk operation that they are deleted by, or ''
ARGV[6..] job ids

Replies: for each job: 1 deleted, 0 there is no such job, 2 others wait for it, 3 kept aside
]]
--- @include keys
--- @include present
--- @include place
--- @include revoke
--- @include once
--- @include groups
--- @include slots
--- @include aside
-- How long it is remembered of an id that it may be left on a list.
local WEEK = 604800
local earlier = earlier_reply(ARGV[2])
if earlier then
  return earlier
end

local left = {}

local function delete(id)
  local job = JOB .. id
  if ARGV[1] == '1' and redis.call('EXISTS', job .. DEPENDENTS) == 1 then
    return 2
  end
  local stored = redis.pcall('HMGET', job, 'status', 'origin', 'stray_id', 'rate_limit_key', 'group_id')
  if stored.err then
    return 0
  end
  local status, queue, there = stored[1], stored[2] or '', is_job(job, stored)
  local kept = ARGV[4] ~= '0' and there and may_be_kept(status)
  local score = kept and score_in_place(id, queue, status)
  local none_left, was_there = leave_place(id, queue, status, #ARGV == 6 and DEEP or nil)
  local stray = stored[3] or not none_left or (kept and not was_there)
  if status == 'started' or status == 'canceled' or status == 'stopped' then
    revoke_leases(id, queue)
  end
  if kept then
    keep(id, score, ARGV[4], ARGV[5])
  else
    redis.call('UNLINK', job, job .. DEPENDENTS, JOB .. ':' .. id .. DEPENDENCIES, RESULTS .. id, ATTEMPTS .. id)
  end
  if stray then
    redis.call('HSET', job, 'stray_id', 1)
    redis.call('EXPIRE', job, WEEK)
  end
  local limit = take_out(id, stored[4])
  if limit then
    left[limit] = true
  end
  if stored[5] then
    leave_group(stored[5], queue, id)
  end
  return kept and 3 or there and 1 or 0
end

local reply = {}
local deleted = false
for i = 6, #ARGV do
  reply[i - 5] = delete(ARGV[i])
  deleted = deleted or reply[i - 5] == 1 or reply[i - 5] == 3
end
for limit in pairs(left) do
  pass_on(limit, ARGV[3])
end
if deleted then
  remember(ARGV[2], reply)
end
return reply
