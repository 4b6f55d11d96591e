--[[
Takes jobs from workers that are gone, known by a lease that has run out (protocol 5.5):
retried if retries are left, else put back on the queue a limited number of times, else
failed. Leaves a queue alone that a Python worker is just maintaining (protocol 16.3); its
lock counts for half a minute only, because RQ leaves it behind on an error (W12). Only a
worker that has given signs of life without a break for one interval of beats may judge:
when Redis itself was away, all others have had the time to renew their leases then.

KEYS[1]  running executions of the queue (sorted set)
KEYS[2]  Python's maintenance lock of the queue (string)
KEYS[3]  Python's list of taken ids of the queue (list)
KEYS[4]  worker that judges (hash)
ARGV[1]  queue name
ARGV[2]  number of executions at most
ARGV[3]  seconds of grace after a lease has run out
ARGV[4]  how often a job may be put back
ARGV[5]  time for people, as it stands in job hashes
ARGV[6]  default time to live of a failed job in seconds
ARGV[7]  encoded text for the results of the jobs
ARGV[8]  seconds for which the worker must have given signs of life
ARGV[9]  seconds after which they no longer follow one another without a break

Replies: {id, outcome, ...} with an outcome of: retried, requeued, failed, dropped
]]
--- @include keys
--- @include clock
--- @include series
--- @include number
--- @include lifetime
--- @include schedule
--- @include record
--- @include dependents
local queue = ARGV[1]
local stamp = ARGV[5]
local list = QUEUE .. queue
local reply = {}

local now = redis_time()
local since = beating_since(KEYS[4], now, tonumber(ARGV[9]))
if not since or now - since < tonumber(ARGV[8]) or redis.call('TTL', KEYS[2]) > 899 - 30 then
  return reply
end

local function next_wait(left, intervals)
  local waits = number_list(intervals)
  return waits and whole_number(waits[math.max(#waits - left, 0) + 1]) or 0
end

local function put_back(id, job, front, ttl)
  redis.call('HSET', job, 'status', 'queued', 'enqueued_at', stamp)
  redis.call(front and 'LPUSH' or 'RPUSH', list, id)
  if ttl then
    redis.call('EXPIRE', job, ttl)
  end
end

local function retry(id, job, left, wait, front, ttl)
  redis.call('HSET', job, 'retries_left', left - 1, 'ended_at', stamp)
  redis.pcall('HINCRBY', job, 'attempts', 1)
  if wait > 0 then
    redis.call('HSET', job, 'status', 'scheduled')
    schedule(id, queue, now + wait)
    if ttl then
      redis.call('EXPIRE', job, scheduled_lifetime(ttl, wait))
    end
  else
    put_back(id, job, front, ttl)
  end
end

local function fail(id, job, ttl)
  local dependents = job .. ':dependents'
  local dependencies = JOB .. ':' .. id .. ':dependencies'
  redis.call('HSET', job, 'status', 'failed', 'ended_at', stamp)
  release_dependents(id, true, stamp)
  if ttl == 0 then
    redis.call('DEL', job, dependents, dependencies)
  else
    record(id, tostring(ttl), '2', '', 'exc_string', ARGV[7])
    redis.call('ZADD', PREFIX .. 'failed:' .. queue, ttl > 0 and math.floor(now) + ttl or -1, id)
    set_lifetime(tostring(ttl), job, dependents, dependencies)
  end
end

local function reclaim(id)
  local job = JOB .. id
  local stored = redis.pcall('HMGET', job, 'status', 'retries_left', 'retry_intervals', 'enqueue_at_front_on_retry',
    'reclaims', 'failure_ttl', 'ttl', 'data')
  if stored.err or not stored[8] then
    return 'dropped'
  end
  local status = stored[1]
  local running = status == 'started' or status == 'created' or not status
    or (status == 'queued' and not redis.call('LPOS', list, id))
  if not running then
    return 'dropped'
  end
  redis.call('LREM', KEYS[3], 1, id)
  local left = whole_number(stored[2]) or 0
  local reclaims = whole_number(stored[5]) or 0
  local failure_ttl = math.max(whole_number(stored[6]) or tonumber(ARGV[6]), -1)
  local result_ttl = failure_ttl == 0 and '1' or tostring(failure_ttl)
  local ttl = time_to_live(stored[7])
  if left > 0 then
    record(id, result_ttl, '4', '', 'exc_string', ARGV[7])
    retry(id, job, left, next_wait(left, stored[3]), stored[4] == '1', ttl)
    return 'retried'
  elseif reclaims < tonumber(ARGV[4]) then
    redis.call('HSET', job, 'reclaims', reclaims + 1)
    record(id, result_ttl, '4', '', 'exc_string', ARGV[7])
    put_back(id, job, true, ttl)
    return 'requeued'
  end
  fail(id, job, failure_ttl)
  return 'failed'
end

local expired = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', score_text(now - tonumber(ARGV[3])), 'LIMIT', 0, ARGV[2])
for _, member in ipairs(expired) do
  redis.call('ZREM', KEYS[1], member)
  local id, execution = member:match('^([^:]*):(.*)$')
  id = id or member
  if execution then
    redis.call('DEL', EXECUTION .. member)
    redis.call('ZREM', EXECUTIONS .. id, execution)
  end
  reply[#reply + 1] = id
  reply[#reply + 1] = reclaim(id)
end
return reply
