--[[
Renews a worker's registration and the leases of the executions it is running, and notes
since when it has done so without a break.

KEYS[1]  worker (hash)
ARGV[1]  lease in seconds
ARGV[2]  seconds after which beats no longer follow one another without a break
ARGV[3]  time for people, as it stands in job and worker hashes
ARGV[4]  the same in seconds since the epoch, as it stands in execution hashes
ARGV[5]  worker name
ARGV[6]  state of the worker
ARGV[7]  number of executions, then for each:
  job id, queue name, execution id, start in seconds since the epoch

Replies: {known, {i, ...}, {i, ...}}
           known: 1, or 0 if the registration is gone and must be made anew
           positions of executions whose lease was lost
           positions of executions whose job was cancelled
]]
--- @include keys
--- @include clock
--- @include execution
--- @include shown
--- @include series
local now = redis_time()
local lease = tonumber(ARGV[1])
local expiry = math.ceil(now + lease)
local lost = {}
local canceled = {}
local shown = {}
local started = {}

-- The first write is one that a full Redis does not refuse.
local since = beating_since(KEYS[1], now, tonumber(ARGV[2]))
local known = redis.call('EXPIRE', KEYS[1], lease)
if known == 1 then
  redis.pcall('HSET', KEYS[1], 'last_heartbeat', ARGV[3], 'state', ARGV[6], 'beat_at', score_text(now),
    'beating_since', score_text(since or now))
end

local at = 8
for i = 1, tonumber(ARGV[7]) do
  local id, queue, execution = ARGV[at], ARGV[at + 1], ARGV[at + 2]
  local job = JOB .. id
  local wip = WIP .. queue
  local member = id .. ':' .. execution
  local status = redis.pcall('HGET', job, 'status')
  if type(status) ~= 'string' or type(redis.pcall('ZSCORE', wip, member)) ~= 'string' then
    lost[#lost + 1] = i
    forget_execution(id, execution)
    hide_run(KEYS[1], id, execution)
  else
    if status == 'canceled' then
      canceled[#canceled + 1] = i
    end
    redis.call('ZADD', wip, 'XX', expiry, member)
    redis.call('HSET', job, 'last_heartbeat', ARGV[3])
    redis.pcall('HSET', EXECUTION .. member, 'id', execution, 'job_id', id, 'created_at', ARGV[at + 3],
      'last_heartbeat', ARGV[4], 'worker_name', ARGV[5])
    redis.call('EXPIRE', EXECUTION .. member, lease)
    redis.pcall('ZADD', EXECUTIONS .. id, expiry, execution)
    redis.call('EXPIRE', EXECUTIONS .. id, lease)
    shown[#shown + 1] = member
    started[id] = ARGV[at + 3]
  end
  at = at + 4
end
if known == 1 and #shown > 0 then
  show_runs(KEYS[1], shown, lease)
  local begun = started[redis.pcall('HGET', KEYS[1], 'current_job')]
  if begun then
    redis.pcall('HSET', KEYS[1], 'current_job_working_time', score_text(tonumber(ARGV[4]) - tonumber(begun)))
  end
end
return { known, lost, canceled }
