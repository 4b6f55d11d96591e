--[[
Takes jobs from workers that are gone, known by a lease that has run out (protocol 5.5):
retried if retries are left, else put back on the queue a limited number of times, else
failed. Leaves a queue alone that a Python worker is just maintaining (protocol 16.3); its
lock counts for half a minute only, because RQ leaves it behind on an error (W12).

KEYS[1]      running executions of the queue (sorted set)
KEYS[2]      Python's maintenance lock of the queue (string)
KEYS[3]      Python's list of taken ids of the queue (list)
ARGV[1..8]   prefixes
ARGV[9]      queue name
ARGV[10]     number of executions at most
ARGV[11]     seconds of grace after a lease has run out
ARGV[12]     how often a job may be put back
ARGV[13]     time for people, as it stands in job hashes
ARGV[14]     default time to live of a failed job in seconds
ARGV[15]     encoded text for the results of the jobs

Replies: {id, outcome, ...} with an outcome of: retried, requeued, failed, dropped
]]
--- @include prefixes
--- @include clock
--- @include lifetime
--- @include schedule
--- @include dependents
local prefixes = read_prefixes()
local queue = ARGV[9]
local stamp = ARGV[13]
local list = prefixes.queue .. queue
local reply = {}

if redis.call('TTL', KEYS[2]) > 899 - 30 then
  return reply
end

local now = redis_time()

local function record(id, kind, ttl)
  redis.call('XADD', prefixes.results .. id, 'MAXLEN', 10, '*', 'type', kind, 'worker_name', '', 'exc_string', ARGV[15])
  set_lifetime(ttl, prefixes.results .. id)
end

local function next_wait(left, intervals)
  local decoded, waits = pcall(cjson.decode, intervals or '[0]')
  if not decoded or type(waits) ~= 'table' or #waits == 0 then
    return 0
  end
  return tonumber(waits[math.max(#waits - left, 0) + 1]) or 0
end

local function put_back(id, job, front, ttl)
  redis.call('HSET', job, 'status', 'queued', 'enqueued_at', stamp)
  redis.call(front and 'LPUSH' or 'RPUSH', list, id)
  if ttl then
    redis.call('EXPIRE', job, ttl)
  end
end

local function reclaim(id)
  local job = prefixes.job .. id
  local stored = redis.pcall('HMGET', job, 'status', 'retries_left', 'retry_intervals', 'enqueue_at_front_on_retry',
    'reclaims', 'failure_ttl', 'ttl', 'data')
  if stored.err or not stored[8] then
    return 'dropped'
  end
  local status = stored[1]
  local running = status == 'started' or status == 'created' or not status
  if status == 'queued' and not redis.call('LPOS', list, id) then
    running = true
  end
  if not running then
    return 'dropped'
  end
  redis.call('LREM', KEYS[3], 1, id)
  local left = tonumber(stored[2]) or 0
  local reclaims = tonumber(stored[5]) or 0
  local failure_ttl = tonumber(stored[6]) or tonumber(ARGV[14])
  local ttl = tonumber(stored[7])
  if left > 0 then
    local wait = next_wait(left, stored[3])
    redis.call('HSET', job, 'retries_left', left - 1, 'ended_at', stamp)
    record(id, 4, failure_ttl)
    if wait > 0 then
      redis.call('HSET', job, 'status', 'scheduled')
      schedule(prefixes, id, queue, now + wait)
      if ttl then
        redis.call('EXPIRE', job, ttl + wait)
      end
    else
      put_back(id, job, stored[4] == '1', ttl)
    end
    return 'retried'
  elseif reclaims < tonumber(ARGV[12]) then
    redis.call('HSET', job, 'reclaims', reclaims + 1)
    record(id, 4, failure_ttl)
    put_back(id, job, true, ttl)
    return 'requeued'
  end
  redis.call('HSET', job, 'status', 'failed', 'ended_at', stamp)
  record(id, 2, failure_ttl)
  redis.call('ZADD', prefixes.registry .. 'failed:' .. queue,
    failure_ttl >= 0 and math.floor(now) + failure_ttl or -1, id)
  set_lifetime(failure_ttl, job)
  local dependents = job .. ':dependents'
  if redis.call('EXISTS', dependents) == 1 then
    release_dependents(prefixes, id, true, stamp)
    set_lifetime(failure_ttl, dependents)
  end
  return 'failed'
end

local expired = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', score_text(now - tonumber(ARGV[11])), 'LIMIT', 0, ARGV[10])
for _, member in ipairs(expired) do
  redis.call('ZREM', KEYS[1], member)
  local id, execution = member:match('^([^:]*):(.*)$')
  id = id or member
  if execution then
    redis.call('DEL', prefixes.execution .. member)
    redis.call('ZREM', prefixes.executions .. id, execution)
  end
  reply[#reply + 1] = id
  reply[#reply + 1] = reclaim(id)
end
return reply
