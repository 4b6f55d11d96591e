--[[
Puts jobs whose attempt failed back on their queues, now or after a wait. Whatever lease
was lost in the meantime changes nothing, and a job cancelled in the meantime stays so.

KEYS[1]      worker (hash)
ARGV[1..8]   prefixes
ARGV[9]      worker name
ARGV[10]     time for people, as it stands in job hashes
ARGV[11]     number of executions, then for each:
  job id, queue name, execution id,
  wait in seconds, 0 for at once,
  1 to go to the front, else 0,
  time to live of the results in seconds, -1 for ever,
  start and end in seconds since the epoch, end as it stands in job hashes,
  encoded return value or '', encoded stack trace or '',
  number of the following values, then field, value, ... to set in the job's hash

Replies: {i, ...} positions of executions whose lease was lost
]]
--- @include prefixes
--- @include clock
--- @include lifetime
--- @include schedule
local prefixes = read_prefixes()
local count = tonumber(ARGV[11])
local now = redis_time()
local lost = {}
local worked = 0

local function record(id, at)
  local entry = { 'type', 4, 'worker_name', ARGV[9], 'execution_id', ARGV[at + 2],
    'execution_started_at', ARGV[at + 6], 'execution_ended_at', ARGV[at + 7] }
  if ARGV[at + 9] ~= '' then
    entry[#entry + 1] = 'return_value'
    entry[#entry + 1] = ARGV[at + 9]
  end
  if ARGV[at + 10] ~= '' then
    entry[#entry + 1] = 'exc_string'
    entry[#entry + 1] = ARGV[at + 10]
  end
  redis.call('XADD', prefixes.results .. id, 'MAXLEN', 10, '*', unpack(entry))
  set_lifetime(tonumber(ARGV[at + 5]), prefixes.results .. id)
end

local function retry(at)
  local id, queue, execution = ARGV[at], ARGV[at + 1], ARGV[at + 2]
  local wait = tonumber(ARGV[at + 3])
  local job = prefixes.job .. id
  redis.call('DEL', prefixes.execution .. id .. ':' .. execution)
  redis.call('ZREM', prefixes.executions .. id, execution)
  worked = worked + tonumber(ARGV[at + 7]) - tonumber(ARGV[at + 6])
  local stored = redis.call('HMGET', job, 'status', 'ttl')
  if not stored[1] then
    return
  end
  record(id, at)
  if stored[1] == 'canceled' then
    return
  end
  redis.call('HSET', job, 'ended_at', ARGV[at + 8], 'last_heartbeat', ARGV[10], 
    unpack(ARGV, at + 12, at + 11 + tonumber(ARGV[at + 11])))
  redis.call('SADD', prefixes.queues, prefixes.queue .. queue)
  if wait > 0 then
    redis.call('HSET', job, 'status', 'scheduled')
    schedule(prefixes, id, queue, now + wait)
  else
    redis.call('HSET', job, 'status', 'queued', 'enqueued_at', ARGV[10])
    redis.call(ARGV[at + 4] == '1' and 'LPUSH' or 'RPUSH', prefixes.queue .. queue, id)
  end
  local ttl = tonumber(stored[2])
  if ttl and ttl > 0 then
    set_lifetime(ttl + wait, job)
  end
end

local at = 12
for i = 1, count do
  if redis.call('ZREM', prefixes.registry .. 'wip:' .. ARGV[at + 1], ARGV[at] .. ':' .. ARGV[at + 2]) == 1 then
    retry(at)
  else
    lost[#lost + 1] = i
  end
  at = at + 12 + tonumber(ARGV[at + 11])
end

local retried = count - #lost
if retried > 0 and redis.call('EXISTS', KEYS[1]) == 1 then
  redis.call('HINCRBY', KEYS[1], 'failed_job_count', retried)
  redis.call('HINCRBYFLOAT', KEYS[1], 'total_working_time', string.format('%.6f', worked))
end
return lost
