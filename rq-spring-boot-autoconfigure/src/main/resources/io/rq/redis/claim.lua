--[[
Takes waiting jobs from queues for one worker and marks them as started under a lease. An
id the worker's blocking wait has taken already comes before those still on the queue.

KEYS[1]    flag that all workers are suspended (string)
KEYS[2]    epoch of this worker's claims, if calls were given up (string)
KEYS[3..]  for each queue, in order: its list, the list of ids this worker took from it
ARGV[1]    number of jobs at most
ARGV[2]    1 to take from the queues in turn, 0 to empty each before the next
ARGV[3]    lease in seconds
ARGV[4]    worker name
ARGV[5]    time for people, as it stands in job hashes, or '' for Redis' own
ARGV[6]    first 24 digits of the execution ids; 8 digits of the position follow
ARGV[7]    encoded stack trace for a job with a malformed id
ARGV[8]    time to live in seconds of such a job, which has failed
ARGV[9]    epoch of this call

Replies: {}                     suspended: nothing taken
         {epoch}                the call was given up before it came here: nothing taken
         {{job, ...}, {id, reason, ...}, {key, ...}}
           job: field, value, ... as they were before, queue name, id; none of these if it
           had to be left on its queue
           the ids with reasons were taken off the queue but are no jobs to run
           keys that hold a value of another type, for which jobs were left
]]
--- @include keys
--- @include clock
--- @include calendar
local MAX_DROPPED = 1000
local max = tonumber(ARGV[1])
local worker = ARGV[4]

local known = redis.call('MGET', KEYS[1], KEYS[2])
if known[1] then
  return {}
end
if known[2] and tonumber(known[2]) > tonumber(ARGV[9]) then
  return { known[2] }
end

local now = redis_time()
local stamp = ARGV[5] ~= '' and ARGV[5] or people_time(now)
local expiry = tostring(math.ceil(now + tonumber(ARGV[3])))
local jobs = {}
local dropped = {}
local refused = {}
local starts = {}
local wip = {}

local function drop(id, reason)
  dropped[#dropped + 1] = id
  dropped[#dropped + 1] = reason
end

local ended = { started = true, finished = true, canceled = true, stopped = true }

-- Nothing in here may raise: the ids taken before would be lost.
local function set_aside(id, job, queue)
  local ttl = tonumber(ARGV[8])
  redis.call('HSET', job, 'status', 'failed', 'ended_at', stamp)
  redis.call('EXPIRE', job, ttl)
  redis.pcall('ZADD', PREFIX .. 'failed:' .. queue, math.floor(now) + ttl, id)
  redis.pcall('XADD', RESULTS .. id, '*', 'type', 2, 'worker_name', worker, 'exc_string', ARGV[7])
  redis.call('EXPIRE', RESULTS .. id, ttl)
end

-- Leaves the marks of a start to the end: a job whose lease cannot be written goes back.
local function start(id, list)
  local job = JOB .. id
  if starts[id] then
    return drop(id, 'it is started')
  end
  local fields = redis.pcall('HGETALL', job)
  if fields.err then
    return drop(id, 'its key is not a hash')
  end
  local status, queue, data
  local temporary, strayed = false, false
  for i = 1, #fields, 2 do
    local name = fields[i]
    if name == 'status' then
      status = fields[i + 1]
    elseif name == 'origin' then
      queue = fields[i + 1]
    elseif name == 'data' then
      data = true
    elseif name == 'ttl' or name == 'started_at' then
      temporary = true
    elseif name == 'stray_id' then
      strayed = true
    end
  end
  if not data then
    return drop(id, 'there is no such job')
  elseif ended[status] or (strayed and status ~= 'queued') then
    return drop(id, 'it is ' .. (status or 'created'))
  elseif strayed and queue ~= list:sub(#QUEUE + 1) then
    return drop(id, 'it has been moved to another queue')
  end
  if not queue or queue == '' then
    queue = list:sub(#QUEUE + 1)
    redis.call('HSET', job, 'origin', queue)
  end
  if id:find(':', 1, true) then
    set_aside(id, job, queue)
    return drop(id, 'its id is malformed')
  end
  fields[#fields + 1] = queue
  fields[#fields + 1] = id
  jobs[#jobs + 1] = fields
  starts[id] = { temporary = temporary, at = #jobs, list = list }
  local entries = wip[queue]
  if not entries then
    entries = {}
    wip[queue] = entries
  end
  entries[#entries + 1] = expiry
  entries[#entries + 1] = id .. ':' .. ARGV[6] .. string.format('%08x', #jobs)
  entries.ids = entries.ids or {}
  table.insert(entries.ids, id)
end

local function mark_as_started(id)
  redis.call('HSET', JOB .. id, 'status', 'started', 'started_at', stamp, 'last_heartbeat', stamp,
    'worker_name', worker)
  -- A hash has a time to live by its field, or from an earlier run (W27): RQ and we write
  -- 'started_at' in every run, RQ in every requeue too.
  if starts[id].temporary then
    redis.call('PERSIST', JOB .. id)
  end
end

local function put_back(id)
  redis.call('LPUSH', starts[id].list, id)
  jobs[starts[id].at] = {}
end

local function may_take()
  return #jobs < max and #dropped < 2 * MAX_DROPPED
end

-- Tells whether there may be more to take.
local function take(from, list, count)
  local ids = redis.pcall('LPOP', from, count)
  if not ids or ids.err then
    refused[from] = ids and true or nil
    return false
  end
  for _, id in ipairs(ids) do
    start(id, list)
  end
  return #ids == count
end

if ARGV[2] == '1' then
  local found = true
  while found do
    found = false
    for i = 3, #KEYS, 2 do
      if may_take() and (take(KEYS[i + 1], KEYS[i], 1) or take(KEYS[i], KEYS[i], 1)) then
        found = true
      end
    end
  end
else
  for i = 3, #KEYS, 2 do
    while may_take() and take(KEYS[i + 1], KEYS[i], max - #jobs) do end
    while may_take() and take(KEYS[i], KEYS[i], max - #jobs) do end
  end
end

for queue, entries in pairs(wip) do
  local leases = PREFIX .. 'wip:' .. queue
  if type(redis.pcall('ZADD', leases, unpack(entries))) == 'number' then
    for _, id in ipairs(entries.ids) do
      mark_as_started(id)
    end
  else
    refused[leases] = true
    for i = #entries.ids, 1, -1 do
      put_back(entries.ids[i])
    end
  end
end

local keys = {}
for key in pairs(refused) do
  keys[#keys + 1] = key
end
return { jobs, dropped, keys }
