--[[
Records how executions ended: success, or failure for good. Whatever lease was lost in the
meantime changes nothing; of a job that has been cancelled or put on a queue again in the
meantime only the result is recorded. A job with repetitions left goes on to the next one
(protocol 6.5).

KEYS[1]  worker (hash)
ARGV[1]  worker name
ARGV[2]  time for people, as it stands in job hashes
ARGV[3]  number of executions
ARGV[4]  seconds all of them have run, then for each:
  job id, queue name, execution id,
  1 if beats may have written keys of the execution, if the job depends on others, is to
  be repeated or has had attempts, else 0,
  result type: 1 success, 2 failure, 5 failure because no returned retry was left,
  time to live of job and result in seconds, -1 for ever, 0 to drop both at once,
  start and end in seconds since the epoch, end as it stands in job hashes,
  encoded return value or '', encoded stack trace or ''

Replies: {{i, ...}, {key, ...}}
           positions of executions whose lease was lost
           keys that hold a value of another type, so that an entry could not be written
]]
--- @include keys
--- @include clock
--- @include limits
--- @include number
--- @include lifetime
--- @include schedule
--- @include execution
--- @include record
--- @include dependents
--- @include repeat
local worker = ARGV[1]
local stamp = ARGV[2]
local count = tonumber(ARGV[3])
local lost = {}
local refused = {}
local succeeded, failed, worked = 0, 0, ARGV[4]
local now = redis_time()
local registries = {}

-- Notes an entry of a registry; all of them are written at once in the end.
local function register(registry, ttl, endless, id)
  local entries = registries[registry]
  if not entries then
    entries = { scores = {} }
    registries[registry] = entries
  end
  local score = entries.scores[ttl]
  if not score then
    score = ttl == '-1' and endless or score_text(now + math.min(ttl, LONGEST))
    entries.scores[ttl] = score
  end
  entries[#entries + 1] = score
  entries[#entries + 1] = id
end

local function finish(at)
  local id, queue, execution = ARGV[at], ARGV[at + 1], ARGV[at + 2]
  local kind, ttl = ARGV[at + 4], ARGV[at + 5]
  local job = JOB .. id
  local success = kind == '1'
  local links = {}
  if ARGV[at + 3] == '1' then
    links = redis.pcall('HMGET', job, 'repeats_left', 'dependency_ids', 'attempts', 'reclaims')
    forget_execution(id, execution)
  end
  if success then
    succeeded = succeeded + 1
  else
    failed = failed + 1
  end
  local status = redis.pcall('HGET', job, 'status')
  if type(status) ~= 'string' then
    return
  elseif status ~= 'started' then
    return record_run(RESULTS .. id, ttl == '0' and '1' or ttl, kind, worker, execution, at + 6)
  end
  redis.call('HSET', job, 'status', success and 'finished' or 'failed', 'ended_at', ARGV[at + 8],
    'last_heartbeat', stamp)
  if ttl ~= '0' then
    record_run(RESULTS .. id, ttl, kind, worker, execution, at + 6)
    if success then
      register(PREFIX .. 'finished:' .. queue, ttl, '+inf', id)
    else
      register(PREFIX .. 'failed:' .. queue, ttl, '-1', id)
    end
  end
  local dependents = job .. ':dependents'
  local dependencies = links[2] and JOB .. ':' .. id .. ':dependencies'
  local related = redis.call('EXISTS', dependents) == 1
  local released = not related or release_dependents(id, queue, not success, stamp)
  local repeats = success and links[1] and whole_number(links[1]) or 0
  if repeats > 0 then
    local obstacle = repeat_job(id, queue, repeats, now, stamp)
    if not obstacle then
      return
    end
    refused[obstacle] = true
  end
  if ttl == '0' then
    redis.call('DEL', job, RESULTS .. id, ATTEMPTS .. id, dependencies or job, released and dependents or job)
    return
  end
  set_lifetime(ttl, job)
  if related and released then
    set_lifetime(ttl, dependents)
  end
  if dependencies then
    set_lifetime(ttl, dependencies)
  end
  if links[3] or links[4] then
    set_lifetime(attempts_lifetime(ttl), ATTEMPTS .. id)
  end
end

local at = 5
for i = 1, count do
  local leases = PREFIX .. 'wip:' .. ARGV[at + 1]
  local removed = redis.pcall('ZREM', leases, ARGV[at] .. ':' .. ARGV[at + 2])
  if removed == 1 then
    finish(at)
  else
    lost[#lost + 1] = i
    refused[leases] = removed ~= 0 or nil
    if ARGV[at + 3] == '1' then
      forget_execution(ARGV[at], ARGV[at + 2])
    end
    worked = score_text(tonumber(worked) - (tonumber(ARGV[at + 7]) - tonumber(ARGV[at + 6])))
  end
  at = at + 11
end

for registry, entries in pairs(registries) do
  if type(redis.pcall('ZADD', registry, unpack(entries))) ~= 'number' then
    refused[registry] = true
  end
end
if succeeded + failed > 0 and redis.call('EXISTS', KEYS[1]) == 1 then
  if succeeded > 0 then
    redis.pcall('HINCRBY', KEYS[1], 'successful_job_count', succeeded)
  end
  if failed > 0 then
    redis.pcall('HINCRBY', KEYS[1], 'failed_job_count', failed)
  end
  redis.pcall('HINCRBYFLOAT', KEYS[1], 'total_working_time', worked)
end
local keys = {}
for key in pairs(refused) do
  keys[#keys + 1] = key
end
return { lost, keys }
