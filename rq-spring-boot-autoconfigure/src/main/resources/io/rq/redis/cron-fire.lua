--[[
Enqueues the job of an occurrence of a cron job, for the scheduler that holds the queue's
lock, and notes that the occurrence is settled; or a job of the cron job at once, for
whoever triggers it. A client repeats a call when its connection breaks before the reply:
the repeat finds the occurrence settled, or the job.

KEYS[1]    queue (list)
KEYS[2]    scheduler lock of the queue (string)
KEYS[3]    state of the cron job (hash)
ARGV[1]    this scheduler's token, or '' to trigger a job
ARGV[2]    time for people, as it stands in job hashes
ARGV[3]    name of the cron job
ARGV[4]    the occurrence that was settled last, as this scheduler knows it, in milliseconds
ARGV[5]    the occurrence to be settled
ARGV[6]    when that is due, in seconds
ARGV[7]    what is done while the last job has not ended: 0 nothing, 1 nothing is enqueued,
           2 that one is cancelled
ARGV[8]    job id, or '' to settle the occurrence without a job
ARGV[9]    queue name
ARGV[10]   1 to go to the front, else 0
ARGV[11]   time to live in seconds or ''
ARGV[12..] field, value, ... of the job's hash

Replies: {0}            another scheduler holds the lock, or none does
         {1, lateness}  enqueued, so many microseconds late
         {2, lateness}  settled without a job, as asked
         {3, lateness}  settled without a job, because the cron job is paused
         {4, lateness}  settled without a job, because the last one has not ended
         {5, 0}         another occurrence was settled last
         {6, wait}      not due for so many microseconds
]]
--- @include keys
--- @include clock
--- @include limits
--- @include put
--- @include elsewhere
--- @include cancel
--- @include types
--- @include through
local now = redis_time()
local id, queue, ttl = ARGV[8], ARGV[9], ARGV[11]
local scheduled = ARGV[1] ~= ''
local list = CRON_JOB .. ARGV[3] .. CRON_HISTORY
local KEPT, YEAR = 1000, 31536000
local stored = redis.call('HMGET', KEYS[3], 'last', 'paused', 'job', 'scheduled_job')
local UNENDED = { queued = true, started = true, scheduled = true, deferred = true, rate_limited = true }

-- What of the last job and that of the last occurrence has not ended, with its status: they
-- differ where the last one was triggered.
local unended = {}
for at = 3, scheduled and 4 or 0 do
  local last = stored[at]
  local found = last and last ~= id and redis.pcall('HMGET', JOB .. last, 'status', 'origin') or {}
  if found[2] == queue and UNENDED[found[1]] then
    unended[last] = found[1]
  end
end

local limit = {}
for at = 12, #ARGV, 2 do
  limit[ARGV[at]] = ARGV[at + 1]
end

local late = 0
if scheduled then
  if redis.call('GET', KEYS[2]) ~= ARGV[1] then
    return { 0 }
  elseif stored[1] ~= ARGV[4] then
    return { 5, 0 }
  end
  late = math.floor((now - tonumber(ARGV[6])) * 1000000)
  if late < 0 then
    return { 6, -late }
  end
  local why = stored[2] and 3 or id == '' and 2 or ARGV[7] == '1' and next(unended) and 4
  if why then
    redis.call('HSET', KEYS[3], 'last', ARGV[5])
    return { why, late }
  end
end

local cancels = ARGV[7] == '2' and next(unended)
if cancels then
  require_type('zset', CANCELED .. queue)
end
if redis.call('EXISTS', JOB .. id) == 0 and type(redis.pcall('ZSCORE', list, id)) ~= 'string' then
  local added = announce(queue)
  if type(added) ~= 'number' then
    return added
  end
  local refusal = put_through(id, queue, ARGV[10] == '1', ttl ~= '' and math.min(ttl, LONGEST),
    limit['rate_limit_key'], limit['rate_limit_concurrency'], ARGV[2], unpack(ARGV, 12))
  if refusal then
    if added == 1 then
      redis.call('SREM', QUEUES, KEYS[1])
    end
    return refusal
  end
end
if cancels then
  for last, status in pairs(unended) do
    cancel_job(last, queue, status, ARGV[2])
  end
end
redis.call('HSET', KEYS[3], 'job', id, 'fired_at', ARGV[2])
if scheduled then
  redis.call('HSET', KEYS[3], 'last', ARGV[5], 'scheduled_job', id)
end
redis.call('EXPIRE', KEYS[3], YEAR)
-- What RQ's tools show is not worth a failure.
redis.pcall('ZADD', list, score_text(now), id)
redis.pcall('ZREMRANGEBYRANK', list, 0, -KEPT - 1)
redis.pcall('EXPIRE', list, YEAR)
redis.pcall('ZREMRANGEBYSCORE', CRON_JOBS, '-inf', score_text(now - YEAR))
redis.pcall('ZADD', CRON_JOBS, score_text(now), ARGV[3])
return { 1, late }
