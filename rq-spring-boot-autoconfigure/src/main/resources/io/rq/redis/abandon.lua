--[[
Lets jobs go on that wait for one which is about to be deleted and allow it to fail, and fails
the others (W28): nobody would look at them again. Some of them in each call.

KEYS[1]  queue of the job (list)
ARGV[1]  queue name
ARGV[2]  job id
ARGV[3]  number of jobs to look at, at most
ARGV[4]  time for people, as it stands in job hashes
ARGV[5]  default time to live of a failed job in seconds
ARGV[6]  encoded text for the results of those that fail

Replies: number of jobs that still wait for it
]]
--- @include keys
--- @include clock
--- @include ended
local parent, queue, stamp = ARGV[2], ARGV[1], ARGV[4]
local key = JOB .. parent .. DEPENDENTS
local now = redis_time()

local function fail(id, fields)
  local seconds = math.min(math.max(whole_number(fields[4]) or tonumber(ARGV[5]), -1), LONGEST)
  local ttl = string.format('%d', seconds)
  redis.pcall('ZREM', DEFERRED .. fields[3], id)
  redis.call('HSET', JOB .. id, 'status', 'failed', 'ended_at', stamp)
  if ttl ~= '0' then
    record(RESULTS .. id, ttl, '2', '', 'exc_string', ARGV[6])
  end
  job_ended(id, fields[3], false, ttl, now, stamp, { false, true, true, true })
end

local function abandon(child)
  local other_queue, id
  if not ONE_NODE then
    other_queue, id = child:match('^(.+):([^:]+)$')
  end
  if other_queue then
    return deliver('parent', other_queue, id, queue .. ':' .. parent, 1)
  end
  local fields = redis.pcall('HMGET', JOB .. child, 'status', 'allow_dependency_failures', 'origin', 'failure_ttl')
  if fields[1] == 'deferred' and fields[3] and fields[2] ~= '1' then
    fail(child, fields)
  else
    release_child(child, queue, parent, true, stamp, '0')
  end
end

-- The first write is one that a full Redis does not refuse.
redis.call('SREM', key, '')
for _, child in ipairs(redis.call('SRANDMEMBER', key, ARGV[3])) do
  abandon(child)
  redis.call('SREM', key, child)
end
write_registries()
return redis.call('SCARD', key)
