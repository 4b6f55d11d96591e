--[[
Puts jobs whose attempt failed back on their queues, now or after a wait. Whatever lease
was lost in the meantime changes nothing; of a job that has been cancelled or put on a
queue again in the meantime only the result is recorded.

KEYS[1]  worker (hash)
ARGV[1]  worker name
ARGV[2]  time for people, as it stands in job hashes
ARGV[3]  number of executions, then for each:
  job id, queue name, execution id, when the job was enqueued as its hash said at the claim, or
  '' for any time,
  wait in seconds, 0 for at once,
  1 to go to the front, else 0,
  1 if beats or the claim may have written keys of the execution, else 0,
  time to live of the results in seconds, -1 for ever,
  start and end in seconds since the epoch, end as it stands in job hashes,
  encoded return value or '', encoded stack trace or '',
  1 if the method returned the retry, else 0,
  number of the following values, then field, value, ... to set in the job's hash

Replies: {{i, ...}, {key, ...}}
           positions of executions whose lease was lost, or that stay as they are because
           of a key
           keys that hold a value of another type
]]
--- @include keys
--- @include clock
--- @include number
--- @include lease
--- @include outcome
--- @include put
--- @include elsewhere
--- @include through
--- @include under-way
local worker = ARGV[1]
local stamp = ARGV[2]
local count = tonumber(ARGV[3])
local now = redis_time()
local lost = {}
local usable = {}
local worked = 0

local function retry(at)
  local id, queue, execution = ARGV[at], ARGV[at + 1], ARGV[at + 2]
  local wait = tonumber(ARGV[at + 4])
  local job = JOB .. id
  worked = worked + tonumber(ARGV[at + 9]) - tonumber(ARGV[at + 8])
  local stored = redis.pcall('HMGET', job, 'status', 'ttl', 'rate_limit_key', 'enqueued_at')
  if not stored[1] then
    return
  end
  -- Python's readers take what is in the results for the end of the job, unless the method
  -- returned the retry.
  local kept = ARGV[at + 7] == '0' and '1' or ARGV[at + 7]
  if ARGV[at + 13] == '1' then
    record_run(RESULTS .. id, kept, '4', worker, execution, at + 8)
  else
    record_run(ATTEMPTS .. id, attempts_lifetime(kept), '4', worker, execution, at + 8)
  end
  if not decides(id, queue, stored[1], ARGV[at + 3], stored[4]) then
    return leave_slot(id, stored[3], stamp)
  end
  redis.call('HSET', job, 'ended_at', ARGV[at + 10], 'last_heartbeat', stamp,
    unpack(ARGV, at + 15, at + 14 + tonumber(ARGV[at + 14])))
  if wait > 0 then
    put_for_later(id, queue, now, now + wait, time_to_live(stored[2]))
  else
    put_again(id, queue, ARGV[at + 5] == '1', time_to_live(stored[2]), stored[3], stamp)
  end
  announce(queue)
  leave_slot(id, stored[3], stamp)
end

-- Tells whether the place where a job is to wait holds what it should; if not, the job
-- keeps its lease.
local function can_wait(at)
  local scheduled = tonumber(ARGV[at + 4]) > 0
  local place = (scheduled and SCHEDULED or QUEUE) .. ARGV[at + 1]
  if usable[place] == nil then
    usable[place] = accepted(place, redis.pcall(scheduled and 'ZCARD' or 'LLEN', place)) ~= nil
  end
  return usable[place]
end

local at = 4
for i = 1, count do
  if can_wait(at) and leave_lease(KEYS[1], ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 6] == '1') then
    retry(at)
  else
    lost[#lost + 1] = i
  end
  at = at + 15 + tonumber(ARGV[at + 14])
end
count_outcomes(KEYS[1], 0, count - #lost, score_text(worked))
return { lost, refused_keys() }
