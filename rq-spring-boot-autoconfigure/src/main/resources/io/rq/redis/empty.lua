--[[
Deletes jobs that wait on a queue, from the front on, with all that is theirs (protocol 13).
Stops before one that others wait for, see abandon. An id whose job does not wait there is
only taken off.

KEYS[1]  queue (list)
ARGV[1]  queue name
ARGV[2]  number of ids at most
ARGV[3]  1 to take the queue off the record if it is empty then, else 0
ARGV[4]  time for people, as it stands in job hashes

Replies: {taken, deleted, left}      numbers of ids taken off, jobs deleted, ids left
         {taken, deleted, left, id}  job that others wait for
]]
--- @include present
--- @include slots
local WAITING = { [''] = true, created = true, queued = true }
local most = tonumber(ARGV[2])
local ids = most > 0 and redis.call('LRANGE', KEYS[1], 0, most - 1) or {}
local taken, deleted = 0, 0
local waited
local limited = {}

local function waits(id)
  local stored = redis.pcall('HMGET', JOB .. id, 'status', 'origin', 'rate_limit_key')
  local queue = stored[2] or ''
  limited[id] = stored[3] or nil
  return is_job(JOB .. id, stored) and WAITING[stored[1] or ''] and (queue == '' or queue == ARGV[1])
end

for _, id in ipairs(ids) do
  local job = JOB .. id
  if waits(id) then
    if redis.call('EXISTS', job .. DEPENDENTS) == 1 then
      waited = id
      break
    end
    redis.call('UNLINK', job, JOB .. ':' .. id .. DEPENDENCIES, RESULTS .. id, ATTEMPTS .. id)
    deleted = deleted + 1
  end
  taken = taken + 1
end
if taken > 0 then
  redis.call('LTRIM', KEYS[1], taken, -1)
end
for id, key in pairs(limited) do
  leave_slot(id, key, ARGV[4])
end
local left = redis.call('LLEN', KEYS[1])
if left == 0 and ARGV[3] == '1' then
  redis.call('SREM', QUEUES, KEYS[1])
end
return { taken, deleted, left, waited }
