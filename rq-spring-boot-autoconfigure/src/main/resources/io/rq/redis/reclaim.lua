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
ARGV[7]  encoded text for the results and attempts of the jobs
ARGV[8]  seconds for which the worker must have given signs of life
ARGV[9]  seconds after which they no longer follow one another without a break
ARGV[10] queue of the jobs that send webhooks, or '' to send none
ARGV[11] data of such a job with '<id>' for the job that has failed
ARGV[12..] field, value, ... of the hash of such a job, without its data

Replies: {id, outcome, callback, ...} with an outcome of: retried, requeued, failed, dropped;
         callback is 1 if an attempt has failed of which one is to hear, else 0
]]
--- @include keys
--- @include clock
--- @include series
--- @include types
--- @include limits
--- @include number
--- @include present
--- @include under-way
--- @include put
--- @include execution
--- @include record
--- @include ended
--- @include through
--- @include following
local queue = ARGV[1]
local stamp = ARGV[5]
local list = QUEUE .. queue
-- The last is for how many seconds a job that is to be dropped at once stays for who is to hear of it.
local reply, limited, KEPT = {}, {}, 3600

local now = redis_time()
local since = beating_since(KEYS[4], now, tonumber(ARGV[9]))
if not since or now - since < tonumber(ARGV[8]) or redis.call('TTL', KEYS[2]) > 899 - 30 then
  return reply
end

require_type('zset', KEYS[1], FAILED .. queue, SCHEDULED .. queue)
require_type('list', list, KEYS[3])

local function next_wait(left, intervals)
  local waits = number_list(intervals)
  return waits and whole_number(waits[math.max(#waits - left, 0) + 1]) or 0
end

local function put_back(id, front, ttl)
  put_again(id, queue, front, ttl, limited[id], stamp)
end

local function retry(id, job, left, wait, front, ttl)
  redis.call('HSET', job, 'retries_left', left - 1, 'ended_at', stamp)
  redis.pcall('HINCRBY', job, 'attempts', 1)
  if wait > 0 then
    put_for_later(id, queue, now, now + wait, ttl)
  else
    put_back(id, front, ttl)
  end
end

local function fail(id, job, ttl)
  redis.call('HSET', job, 'status', 'failed', 'ended_at', stamp)
  if ttl ~= '0' then
    record(RESULTS .. id, ttl, '2', '', 'exc_string', ARGV[7])
  end
  job_ended(id, queue, false, ttl, now, stamp, { false, true, true, true, redis.call('HGET', job, 'group_id') })
end

local function reclaim(id, execution)
  local job = JOB .. id
  local stored = redis.pcall('HMGET', job, 'status', 'retries_left', 'retry_intervals', 'enqueue_at_front_on_retry',
    'reclaims', 'failure_ttl', 'ttl', 'webhooks', 'rate_limit_key', 'failure_callback_name')
  if not is_job(job, stored) then
    return 'dropped', 0
  end
  limited[id] = stored[9] or nil
  if not is_under_way(id, queue, stored[1] or '') then
    return 'dropped', 0
  end
  take_off(KEYS[3], id)
  local left, calls = whole_number(stored[2]) or 0, stored[10] and stored[10] ~= '' and 1 or 0
  local reclaims = whole_number(stored[5]) or 0
  local failure_ttl = math.min(math.max(whole_number(stored[6]) or tonumber(ARGV[6]), -1), LONGEST)
  local attempt_ttl = attempts_lifetime(failure_ttl == 0 and '1' or tostring(failure_ttl))
  local ttl = time_to_live(stored[7])
  if left > 0 then
    record(ATTEMPTS .. id, attempt_ttl, '4', '', 'exc_string', ARGV[7])
    retry(id, job, left, next_wait(left, stored[3]), stored[4] == '1', ttl)
    return 'retried', calls
  elseif reclaims < tonumber(ARGV[4]) then
    -- The end of a run tells a job that goes on from one that RQ enqueues anew.
    redis.call('HSET', job, 'reclaims', reclaims + 1, 'ended_at', stamp)
    record(ATTEMPTS .. id, attempt_ttl, '4', '', 'exc_string', ARGV[7])
    put_back(id, true, ttl)
    return 'requeued', 0
  end
  local sends = ARGV[10] ~= '' and stored[8] and stored[8] ~= ''
  fail(id, job, tostring(failure_ttl >= 0 and (sends or calls == 1) and math.max(failure_ttl, KEPT) or failure_ttl))
  if sends then
    enqueue_following('webhooks-' .. (execution or id), ARGV[10], stamp, 'data',
      (ARGV[11]:gsub('<id>', function() return id end)), unpack(ARGV, 12))
  end
  return 'failed', calls
end

local expired = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', score_text(now - tonumber(ARGV[3])), 'LIMIT', 0, ARGV[2])
for _, member in ipairs(expired) do
  redis.call('ZREM', KEYS[1], member)
  local id, execution = member:match('^([^:]*):(.*)$')
  id = id or member
  if execution then
    forget_execution(id, execution)
  end
  for _, value in ipairs({ id, reclaim(id, execution) }) do
    reply[#reply + 1] = value
  end
end
write_registries()
for id, key in pairs(limited) do
  leave_slot(id, key, stamp)
end
return reply
