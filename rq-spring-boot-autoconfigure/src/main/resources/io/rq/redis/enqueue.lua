--[[
Stores new jobs and puts each on its queue or, if it is due later, into the registry of
scheduled jobs. All of them or none. A client repeats a call when its connection breaks
before the reply. What an earlier delivery of this very call has stored is left as it is:
the whole call is known by its nonce for a minute, a job whose id the caller chose by the
nonce in its hash, any other job by its id.

ARGV[1]  time for people, as it stands in job hashes
ARGV[2]  nonce of the call, or '' if ids that were made for their jobs are enough
ARGV[3]  number of jobs, then for each job:
  id, queue name,
  flags: 1 at the front, 2 the caller chose the id, 4 the id must be new; added up,
  due time in seconds since the epoch, or a delay in seconds after '+', or '' for now,
  time to live in seconds or '',
  number of the following values, then field, value, ... of the job's hash

Replies: {0, i, ...}  stored; the jobs at these positions are scheduled, the others queued
         {1, i}       nothing stored: the job at this position must be new but exists
         {2, i}       nothing stored: the job at this position is running
         {3, i}       nothing stored: the job at this position has the id of one before it
]]
--- @include keys
--- @include clock
--- @include limits
--- @include place
--- @include schedule
local stamp = ARGV[1]
local nonce = ARGV[2]
local count = tonumber(ARGV[3])
local REMEMBERED = 60

-- One job for now, the usual case, needs none of the rest.
local at = 4
local flags = ARGV[at + 2]
if count == 1 and nonce == '' and ARGV[at + 3] == '' and (flags == '0' or flags == '1') then
  local id, ttl = ARGV[at], ARGV[at + 4]
  local list, job = QUEUE .. ARGV[at + 1], JOB .. id
  if redis.call('EXISTS', job) == 1 then
    return { 0 }
  end
  local queue_is_new = redis.call('SADD', QUEUES, list) == 1
  local pushed = redis.pcall(flags == '1' and 'LPUSH' or 'RPUSH', list, id)
  if type(pushed) ~= 'number' then
    if queue_is_new then
      redis.call('SREM', QUEUES, list)
    end
    return pushed
  end
  redis.call('HSET', job, 'status', 'queued', 'enqueued_at', stamp,
    unpack(ARGV, at + 6, at + 5 + tonumber(ARGV[at + 5])))
  if ttl ~= '' then
    redis.call('EXPIRE', job, math.min(ttl, LONGEST))
  end
  return { 0 }
end

local call = nonce ~= '' and ENQUEUED .. nonce
local earlier_reply = call and redis.call('GET', call)
if earlier_reply then
  redis.call('EXPIRE', call, REMEMBERED)
  return cjson.decode(earlier_reply)
end

local now
local reply = { 0 }
local chosen, checked = {}, {}
local dues, lists, queues, known, replaced = {}, {}, {}, {}, {}

local function each_job(visit)
  local at = 4
  for i = 1, count do
    local fields = tonumber(ARGV[at + 5])
    local reply = visit(i, at, at + 6, at + 5 + fields)
    if reply then
      return reply
    end
    at = at + 6 + fields
  end
end

-- Notes what there is of a job whose id was chosen; replies if it is in the way.
local function check_id(i, id, must_be_new)
  local old = redis.call('HMGET', JOB .. id, 'status', 'nonce', 'origin', 'enqueued_at', 'stray_id')
  if chosen[id] then
    return { 3, i }
  end
  chosen[id] = true
  if old[2] == nonce then
    known[i] = old[1]
  elseif must_be_new and redis.call('EXISTS', JOB .. id) == 1 then
    return { 1, i }
  elseif old[1] == 'started' then
    return { 2, i }
  else
    replaced[i] = { status = old[1], origin = old[3], since = old[4], stray = old[5] }
  end
end

-- Fails on a key of another type, before anything has been written.
local function check_place(command, key)
  if not checked[key] then
    checked[key] = redis.call(command, key)
  end
  return checked[key]
end

local heads = {}

-- When the longest waiting one of the next jobs came to its list, or false.
local function head_since(list)
  if heads[list] == nil then
    heads[list] = false
    for _, id in ipairs(redis.call('LRANGE', list, 0, 9)) do
      local since = redis.pcall('HGET', JOB .. id, 'enqueued_at')
      if type(since) == 'string' and (not heads[list] or since < heads[list]) then
        heads[list] = since
      end
    end
  end
  return heads[list]
end

-- Tells whether a job goes on waiting where it is: on a list too long to be searched,
-- unless all of the next ones came later than it, for then the list has been lost since.
local function keeps_place(old, queue, list)
  if old.status ~= 'queued' or old.origin ~= queue or check_place('LLEN', list) <= SEARCHED then
    return false
  end
  local since = head_since(list)
  return not since or not old.since or since <= old.since
end

local refused = each_job(function(i, at)
  local id, queue, flags, due = ARGV[at], ARGV[at + 1], tonumber(ARGV[at + 2]), ARGV[at + 3]
  local in_the_way = flags >= 2 and check_id(i, id, flags >= 4)
  if in_the_way then
    return in_the_way
  end
  if flags < 2 and redis.call('EXISTS', JOB .. id) == 1 then
    known[i] = redis.call('HGET', JOB .. id, 'status')
  end
  if known[i] ~= nil then
    if known[i] == 'scheduled' then
      reply[#reply + 1] = i
    end
    return
  end
  if due ~= '' then
    now = now or redis_time()
    due = due:sub(1, 1) == '+' and now + tonumber(due:sub(2)) or tonumber(due)
    dues[i] = due > now and due or nil
  end
  local list = QUEUE .. queue
  if count > 1 or call then
    check_place('SCARD', QUEUES)
    if dues[i] then
      check_place('ZCARD', PREFIX .. 'scheduled:' .. queue)
    else
      check_place('LLEN', list)
    end
  end
  queues[list] = true
  if dues[i] then
    reply[#reply + 1] = i
    return
  end
  local command = flags % 2 == 1 and 'LPUSH' or 'RPUSH'
  local old = replaced[i]
  if old and command == 'RPUSH' and keeps_place(old, queue, list) then
    old.stays = true
    return
  end
  lists[list] = lists[list] or { LPUSH = {}, RPUSH = {} }
  table.insert(lists[list][command], id)
end)
if refused then
  return refused
end

-- The first write is one that a full Redis refuses.
if call then
  redis.call('SET', call, cjson.encode(reply), 'EX', REMEMBERED)
end
each_job(function(i, at)
  local old = replaced[i]
  if old then
    if old.status and old.origin and not old.stays and not leave_place(ARGV[at], old.origin, old.status) then
      old.stray = true
    end
    redis.call('DEL', JOB .. ARGV[at], RESULTS .. ARGV[at], ATTEMPTS .. ARGV[at])
  end
end)
for list, pushes in pairs(lists) do
  for command, ids in pairs(pushes) do
    if #ids > 0 then
      redis.call(command, list, unpack(ids))
    end
  end
end

each_job(function(i, at, first, last)
  if known[i] ~= nil then
    return
  end
  local id = ARGV[at]
  local job = JOB .. id
  local due = dues[i]
  local ttl = ARGV[at + 4] ~= '' and math.min(ARGV[at + 4], LONGEST)
  local old = replaced[i]
  if not due then
    redis.call('HSET', job, 'status', 'queued', 'enqueued_at', old and old.stays and old.since or stamp,
      unpack(ARGV, first, last))
  else
    schedule(id, ARGV[at + 1], due)
    redis.call('HSET', job, 'status', 'scheduled', unpack(ARGV, first, last))
    if tonumber(ARGV[at + 2]) % 2 == 1 then
      redis.call('HSET', job, 'enqueue_at_front', 1)
    end
    ttl = ttl and scheduled_lifetime(ttl, due - now)
  end
  if old and old.stray then
    redis.call('HSET', job, 'stray_id', 1)
  end
  if ttl then
    redis.call('EXPIRE', job, ttl)
  end
end)
for list in pairs(queues) do
  redis.call('SADD', QUEUES, list)
end
return reply
