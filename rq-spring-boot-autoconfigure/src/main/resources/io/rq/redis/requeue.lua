--[[
Puts jobs on their queues that have ended, were cancelled or have never been there: with what
retries they have left, and without the time to live that they had as ended ones (W27).

KEYS[1]   first job (hash)
ARGV[1]   time for people, as it stands in job hashes
ARGV[2]   1 to go to the front, else 0
ARGV[3]   nonce of the call
ARGV[4..] job ids

Replies: for each job
           {1}          it waits on its queue, or for a slot of its rate limit
           {0}          there is no such job
           {2, status}  nothing changed: it waits or runs, or its status is not known here
           {3, status}  nothing changed: it names no queue
]]
--- @include keys
--- @include number
--- @include present
--- @include types
--- @include lifetime
--- @include place
--- @include revoke
--- @include put
--- @include elsewhere
--- @include once
--- @include through
local REQUEUABLE = { [''] = true, created = true, finished = true, failed = true, stopped = true, canceled = true }
local earlier = earlier_reply(ARGV[3])
if earlier then
  return earlier
end

local reply, found, queues = {}, {}, {}

local function look(id)
  local stored = redis.pcall('HMGET', JOB .. id, 'status', 'origin', 'ttl', 'reclaims', 'rate_limit_key',
    'rate_limit_concurrency')
  local status, queue = stored[1] or '', stored[2] or ''
  if not is_job(JOB .. id, stored) then
    return { 0 }
  elseif not REQUEUABLE[status] then
    return { 2, status }
  elseif queue == '' then
    return { 3, status }
  end
  local refusal = is_limited(stored[5], stored[6]) and limit_refusal(stored[5])
  if refusal then
    error(refusal.err)
  elseif not queues[queue] then
    require_type('list', QUEUE .. queue)
    queues[queue] = true
  end
  found[#found + 1] = { id = id, status = status, queue = queue, ttl = stored[3], reclaims = stored[4],
    limit = stored[5], most = stored[6] }
  return { 1 }
end

local function requeue(old)
  local id, queue = old.id, old.queue
  local job = JOB .. id
  -- The first write is one that a full Redis does not refuse.
  redis.call('HDEL', job, 'started_at', 'ended_at')
  leave_place(id, queue, old.status)
  take_off_popped(id, queue)
  if old.status == 'canceled' or old.status == 'stopped' then
    revoke_leases(id, queue)
  end
  if old.reclaims then
    redis.call('HSET', job, 'reclaims', 0)
  end
  set_lifetime('-1', job, job .. DEPENDENTS, JOB .. ':' .. id .. DEPENDENCIES)
  leave_limit(id, old.limit, ARGV[1])
  put_through(id, queue, ARGV[2] == '1', time_to_live(old.ttl), old.limit, old.most, ARGV[1])
end

for i = 4, #ARGV do
  reply[#reply + 1] = look(ARGV[i])
end
for _, old in ipairs(found) do
  requeue(old)
end
for queue in pairs(queues) do
  announce(queue)
end
if #found > 0 then
  remember(ARGV[3], reply)
end
return reply
