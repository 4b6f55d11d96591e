--[[
Renews a worker's registration and the leases of the executions it is running.

KEYS[1]  worker (hash)
ARGV[1]  lease in seconds
ARGV[2]  time for people, as it stands in job and worker hashes
ARGV[3]  the same in seconds since the epoch, as it stands in execution hashes
ARGV[4]  worker name
ARGV[5]  state of the worker
ARGV[6]  number of executions, then for each:
  job id, queue name, execution id, start in seconds since the epoch

Replies: {known, {i, ...}, {i, ...}}
           known: 1, or 0 if the registration is gone and must be made anew
           positions of executions whose lease was lost
           positions of executions whose job was cancelled
]]
--- @include keys
--- @include clock
local lease = tonumber(ARGV[1])
local expiry = math.ceil(redis_time() + lease)
local lost = {}
local canceled = {}

local known = redis.call('EXISTS', KEYS[1])
if known == 1 then
  redis.call('HSET', KEYS[1], 'last_heartbeat', ARGV[2], 'state', ARGV[5])
  redis.call('EXPIRE', KEYS[1], lease)
end

local at = 7
for i = 1, tonumber(ARGV[6]) do
  local id, queue, execution = ARGV[at], ARGV[at + 1], ARGV[at + 2]
  local job = JOB .. id
  local wip = PREFIX .. 'wip:' .. queue
  local member = id .. ':' .. execution
  local status = redis.pcall('HGET', job, 'status')
  if type(status) ~= 'string' or not redis.call('ZSCORE', wip, member) then
    lost[#lost + 1] = i
  else
    if status == 'canceled' then
      canceled[#canceled + 1] = i
    end
    redis.call('ZADD', wip, 'XX', expiry, member)
    redis.call('HSET', job, 'last_heartbeat', ARGV[2])
    redis.call('HSET', EXECUTION .. member, 'id', execution, 'job_id', id, 'created_at', ARGV[at + 3],
      'last_heartbeat', ARGV[3], 'worker_name', ARGV[4])
    redis.call('EXPIRE', EXECUTION .. member, lease)
    redis.call('ZADD', EXECUTIONS .. id, expiry + 60, execution)
    redis.call('EXPIRE', EXECUTIONS .. id, lease + 60)
  end
  at = at + 4
end
return { known, lost, canceled }
