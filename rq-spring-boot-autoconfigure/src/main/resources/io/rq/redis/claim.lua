--[[
Takes waiting jobs from queues for one worker and marks them as started under a lease. An
id the worker's blocking wait has taken already comes before those still on the queue.

KEYS[1]    flag that all workers are suspended (string)
KEYS[2]    epoch of this worker's claims, if calls were given up (string)
KEYS[3]    the queues that are paused (string)
KEYS[4..]  for each queue, in order: its list, the list of ids this worker took from it
ARGV[1]    number of jobs at most
ARGV[2]    1 to take from the queues in turn, 0 to empty each before the next
ARGV[3]    lease in seconds
ARGV[4]    worker name
ARGV[5]    time for people, as it stands in job hashes, or '' for Redis' own
ARGV[6]    first 24 digits of the execution ids; 8 digits of the position follow
ARGV[7]    encoded stack trace for a job with a malformed id
ARGV[8]    time to live in seconds of such a job, which has failed
ARGV[9]    epoch of this call
ARGV[10]   1 to note what is taken, in case the reply does not come, else 0
ARGV[11]   number of bytes that a job may have
ARGV[12]   encoded stack trace for a job that has more, and fails too

Replies: {}                     suspended: nothing taken
         {epoch}                the call was given up before it came here: nothing taken
         {{job, ...}, {id, reason, ...}, {key, ...}, {queue, ...}}
           job: field, value, ... as they were before, queue name, id; none of these if it
           had to be left on its queue
           the ids with reasons were taken off the queue but are no jobs to run
           keys that hold a value of another type, for which jobs were left
           the queues that are paused: nothing is taken from them
]]
--- @include keys
--- @include clock
--- @include calendar
local known = redis.call('MGET', KEYS[1], KEYS[2], KEYS[3])
if known[1] then
  return {}
end
if known[2] and tonumber(known[2]) > tonumber(ARGV[9]) then
  return { known[2] }
end

local MAX_DROPPED = 1000
-- What has been taken when no more is.
local MAX_BYTES = 16 * 1024 * 1024
-- For how many seconds it is known at least what was taken: Redis may be away for longer than
-- a lease.
local CLAIM_KNOWN = 3600
local max = tonumber(ARGV[1])
local worker = ARGV[4]
local now = redis_time()
local stamp = ARGV[5] ~= '' and ARGV[5] or people_time(now)
local expiry = tostring(math.ceil(now + tonumber(ARGV[3])))
local unfit = { malformed = ARGV[7], ttl = tonumber(ARGV[8]), most = tonumber(ARGV[11]), large = ARGV[12] }
--- @include marks

local held, paused = {}, {}
if known[3] then
--- @include paused
  local pauses = read_pauses(known[3])
  for i = 4, #KEYS, 2 do
    local list, queue = KEYS[i], KEYS[i]:sub(#QUEUE + 1)
    if pauses[queue] then
      held[list] = true
      paused[#paused + 1] = queue
      -- What the blocking wait has taken goes back.
      local taken = KEYS[i + 1]
      local id = type(redis.pcall('LLEN', list)) == 'number' and accepted(taken, redis.pcall('RPOP', taken))
      while id do
        redis.call('LPUSH', list, id)
        id = redis.call('RPOP', taken)
      end
    end
  end
end

local function may_take()
  return #jobs < max and bytes < MAX_BYTES and #dropped < 2 * MAX_DROPPED
end

-- Tells whether there may be more to take.
local function take(from, list, count)
  if held[list] then
    return false
  end
  local ids = accepted(from, redis.pcall('LPOP', from, count), #jobs > 0)
  if not ids then
    return false
  end
  for i, id in ipairs(ids) do
    if not may_take() then
      for left = #ids, i, -1 do
        redis.call('LPUSH', from, ids[left])
      end
      return false
    end
    start(id, list, ARGV[6])
  end
  return #ids == count
end

if ARGV[2] == '1' then
  local found = true
  while found do
    found = false
    for i = 4, #KEYS, 2 do
      if may_take() and (take(KEYS[i + 1], KEYS[i], 1) or take(KEYS[i], KEYS[i], 1)) then
        found = true
      end
    end
  end
else
  for i = 4, #KEYS, 2 do
    while may_take() and take(KEYS[i + 1], KEYS[i], max - #jobs) do end
    while may_take() and take(KEYS[i], KEYS[i], max - #jobs) do end
  end
end

local taken = {}
for queue, entries in pairs(wip) do
  local leases = WIP .. queue
  if accepted(leases, redis.pcall('ZADD', leases, unpack(entries)), true) then
    taken[queue] = {}
    for i, id in ipairs(entries.ids) do
      mark_as_started(id)
      taken[queue][i] = entries[2 * i]
    end
  else
    for i = #entries.ids, 1, -1 do
      put_back(entries.ids[i])
    end
  end
end
if ARGV[10] == '1' and next(taken) then
  redis.pcall('SET', WORKER_CLAIM .. worker, cjson.encode(taken), 'EX', math.max(tonumber(ARGV[3]), CLAIM_KNOWN))
end

return { jobs, dropped, refused_keys(), paused }
