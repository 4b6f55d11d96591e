--[[
Records how executions ended: success, failure for good, or stopped by a command. Whatever
lease was lost in the meantime changes nothing; of a job that has been cancelled or put on a
queue again in the meantime only the result is recorded. A job with repetitions left goes on
to the next one (protocol 6.5).

KEYS[1]  worker (hash)
ARGV[1]  worker name
ARGV[2]  time for people, as it stands in job hashes
ARGV[3]  number of executions
ARGV[4]  seconds all of them have run, then for each:
  job id, queue name, execution id, when the job was enqueued as its hash said at the claim, or
  '' for any time,
  1 if beats may have written keys of the execution, if the job depends on others, is in a
  group, has a rate limit, is to be repeated or has had attempts, else 0; 2 for
  the same if jobs follow that send webhooks,
  result type: 1 success, 2 failure, 3 stopped, which is recorded as a failure as RQ does,
  5 failure because no returned retry was left,
  time to live of job and result in seconds, -1 for ever, 0 to drop both at once,
  start and end in seconds since the epoch, end as it stands in job hashes,
  encoded return value or '', encoded stack trace or '',
  if jobs follow, the number of the following values, then for each of these jobs:
    id, queue name, number of the following values, then field, value, ... of its hash

Replies: {{i, ...}, {key, ...}}
           positions of executions whose lease was lost
           keys that hold a value of another type, so that an entry could not be written
]]
--- @include keys
--- @include clock
--- @include lease
--- @include outcome
--- @include ended
--- @include slots
--- @include following
--- @include under-way
local worker = ARGV[1]
local stamp = ARGV[2]
local count = tonumber(ARGV[3])
local lost = {}
local limited = {}
local succeeded, failed, worked = 0, 0, ARGV[4]
local now = redis_time()

local function enqueue_all(at, last)
  while at <= last do
    local values = tonumber(ARGV[at + 2])
    enqueue_following(ARGV[at], ARGV[at + 1], stamp, unpack(ARGV, at + 3, at + 2 + values))
    at = at + 3 + values
  end
end

local function finish(at)
  local id, queue, execution = ARGV[at], ARGV[at + 1], ARGV[at + 2]
  local kind, ttl = ARGV[at + 5], ARGV[at + 6]
  local success, stopped = kind == '1', kind == '3'
  kind = stopped and '2' or kind
  local job = JOB .. id
  local links = {}
  if ARGV[at + 4] ~= '0' then
    links =
      redis.pcall('HMGET', job, 'repeats_left', 'dependency_ids', 'attempts', 'reclaims', 'group_id', 'rate_limit_key')
    limited[id] = links[6] or nil
  end
  if success then
    succeeded = succeeded + 1
  else
    failed = failed + 1
  end
  local stored = redis.pcall('HMGET', job, 'status', 'enqueued_at')
  if not stored[1] then
    return
  elseif not decides(id, queue, stored[1], ARGV[at + 3], stored[2]) then
    return record_run(RESULTS .. id, ttl == '0' and '1' or ttl, kind, worker, execution, at + 7)
  end
  redis.call('HSET', job, 'status', success and 'finished' or stopped and 'stopped' or 'failed', 'ended_at',
    ARGV[at + 9], 'last_heartbeat', stamp)
  if ttl ~= '0' then
    record_run(RESULTS .. id, ttl, kind, worker, execution, at + 7)
  end
  if ARGV[at + 4] == '2' then
    enqueue_all(at + 13, at + 12 + ARGV[at + 12])
  end
  job_ended(id, queue, success, ttl, now, stamp, links, stopped)
end

local at = 5
for i = 1, count do
  if leave_lease(KEYS[1], ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 4] ~= '0') then
    finish(at)
  else
    lost[#lost + 1] = i
    worked = score_text(tonumber(worked) - (tonumber(ARGV[at + 8]) - tonumber(ARGV[at + 7])))
  end
  at = at + 12 + (ARGV[at + 4] == '2' and 1 + ARGV[at + 12] or 0)
end
write_registries()
for id, key in pairs(limited) do
  leave_slot(id, key, stamp)
end
count_outcomes(KEYS[1], succeeded, failed, worked)
return { lost, refused_keys() }
