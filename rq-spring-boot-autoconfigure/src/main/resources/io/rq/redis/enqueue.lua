--[[
Stores new jobs and puts each on its queue or, if it is due later, into the registry of
scheduled jobs. All of them or none. A job whose id was made for it and that exists all the
same has been stored by an earlier delivery of this very call, which a client repeats when
its connection breaks before the reply: it is left as it is.

ARGV[1]  time for people, as it stands in job hashes
ARGV[2]  number of jobs, then for each job:
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
--- @include place
--- @include schedule
local stamp = ARGV[1]
local count = tonumber(ARGV[2])

-- One job for now, the usual case, needs none of the rest.
local at = 3
local flags = ARGV[at + 2]
if count == 1 and ARGV[at + 3] == '' and (flags == '0' or flags == '1') then
  local id, ttl = ARGV[at], ARGV[at + 4]
  local list, job = QUEUE .. ARGV[at + 1], JOB .. id
  if redis.call('EXISTS', job) == 1 then
    return { 0 }
  end
  redis.call(flags == '1' and 'LPUSH' or 'RPUSH', list, id)
  redis.call('HSET', job, 'status', 'queued', 'enqueued_at', stamp,
    unpack(ARGV, at + 6, at + 5 + tonumber(ARGV[at + 5])))
  if ttl ~= '' then
    redis.call('EXPIRE', job, ttl)
  end
  redis.call('SADD', QUEUES, list)
  return { 0 }
end

local now
local chosen, checked = {}, {}
local dues, lists, queues, known = {}, {}, {}, {}

local function each_job(visit)
  local at = 3
  for i = 1, count do
    local fields = tonumber(ARGV[at + 5])
    local reply = visit(i, at, at + 6, at + 5 + fields)
    if reply then
      return reply
    end
    at = at + 6 + fields
  end
end

local function check_id(i, id, must_be_new)
  local status = redis.call('HGET', JOB .. id, 'status')
  if must_be_new and redis.call('EXISTS', JOB .. id) == 1 then
    return { 1, i }
  elseif status == 'started' then
    return { 2, i }
  elseif chosen[id] then
    return { 3, i }
  end
  chosen[id] = true
end

-- Fails on a key of another type, before anything has been written.
local function check_place(command, key)
  if not checked[key] then
    redis.call(command, key)
    checked[key] = true
  end
end

local refused = each_job(function(i, at)
  local id, queue, flags, due = ARGV[at], ARGV[at + 1], tonumber(ARGV[at + 2]), ARGV[at + 3]
  local reply = flags >= 2 and check_id(i, id, flags >= 4)
  if reply then
    return reply
  end
  if flags < 2 and redis.call('EXISTS', JOB .. id) == 1 then
    known[i] = true
    return
  end
  if due ~= '' then
    now = now or redis_time()
    due = due:sub(1, 1) == '+' and now + tonumber(due:sub(2)) or tonumber(due)
    dues[i] = due > now and due or nil
  end
  if count > 1 or flags >= 2 then
    if dues[i] then
      check_place('ZCARD', PREFIX .. 'scheduled:' .. queue)
    else
      check_place('LLEN', QUEUE .. queue)
    end
  end
  if not dues[i] then
    lists[queue] = lists[queue] or { LPUSH = {}, RPUSH = {} }
    local ids = lists[queue][flags % 2 == 1 and 'LPUSH' or 'RPUSH']
    ids[#ids + 1] = id
  end
  queues[queue] = true
end)
if refused then
  return refused
end

for id in pairs(chosen) do
  local job = JOB .. id
  local old = redis.call('HMGET', job, 'status', 'origin')
  if old[1] and old[2] then
    leave_place(id, old[2], old[1])
  end
  redis.call('DEL', job, RESULTS .. id)
end
for queue, pushes in pairs(lists) do
  for command, ids in pairs(pushes) do
    if #ids > 0 then
      redis.call(command, QUEUE .. queue, unpack(ids))
    end
  end
end

local reply = { 0 }
each_job(function(i, at, first, last)
  if known[i] then
    return
  end
  local id = ARGV[at]
  local job = JOB .. id
  local due = dues[i]
  local ttl = tonumber(ARGV[at + 4])
  if not due then
    redis.call('HSET', job, 'status', 'queued', 'enqueued_at', stamp, unpack(ARGV, first, last))
  else
    schedule(id, ARGV[at + 1], due)
    redis.call('HSET', job, 'status', 'scheduled', unpack(ARGV, first, last))
    if tonumber(ARGV[at + 2]) % 2 == 1 then
      redis.call('HSET', job, 'enqueue_at_front', 1)
    end
    ttl = ttl and scheduled_lifetime(ttl, due - now)
    reply[#reply + 1] = i
  end
  if ttl then
    redis.call('EXPIRE', job, ttl)
  end
end)
for queue in pairs(queues) do
  redis.call('SADD', QUEUES, QUEUE .. queue)
end
return reply
