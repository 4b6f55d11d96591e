--[[
Stores new jobs and puts each on its queue or, if it is due later, into the registry of
scheduled jobs. All of them or none.

ARGV[1..8]  prefixes
ARGV[9]     time for people, as it stands in job hashes
ARGV[10]    number of jobs, then for each job:
  id, queue name,
  flags: 1 at the front, 2 the caller chose the id, 4 the id must be new; added up,
  due time in seconds since the epoch, or a delay in seconds after '+', or '' for now,
  time to live in seconds or '',
  number of the following values, then field, value, ... of the job's hash

Replies: {0, i, ...}  stored; the jobs at these positions are scheduled, the others queued
         {1, i}       nothing stored: the job at this position must be new but exists
         {2, i}       nothing stored: the job at this position is running
]]
--- @include prefixes
--- @include clock
--- @include place
--- @include schedule
local prefixes = read_prefixes()
local stamp = ARGV[9]
local count = tonumber(ARGV[10])

local function each_job(visit)
  local at = 11
  for i = 1, count do
    local fields = tonumber(ARGV[at + 5])
    local reply = visit(i, at, at + 6, at + 5 + fields)
    if reply then
      return reply
    end
    at = at + 6 + fields
  end
end

local refused = each_job(function(i, at)
  local flags = tonumber(ARGV[at + 2])
  if flags >= 2 then
    local status = redis.call('HGET', prefixes.job .. ARGV[at], 'status')
    if flags >= 4 and redis.call('EXISTS', prefixes.job .. ARGV[at]) == 1 then
      return { 1, i }
    elseif status == 'started' then
      return { 2, i }
    end
  end
end)
if refused then
  return refused
end

local now
local reply = { 0 }
local queued = {}
local names = {}
each_job(function(i, at, first, last)
  local id = ARGV[at]
  local queue = ARGV[at + 1]
  local flags = tonumber(ARGV[at + 2])
  local due = ARGV[at + 3]
  local front = flags % 2 == 1
  local job = prefixes.job .. id
  if flags >= 2 then
    local old = redis.call('HMGET', job, 'status', 'origin')
    if old[1] and old[2] then
      leave_place(prefixes, id, old[2], old[1])
    end
    redis.call('DEL', job)
  end
  if due ~= '' then
    now = now or redis_time()
    due = due:sub(1, 1) == '+' and now + tonumber(due:sub(2)) or tonumber(due)
    due = due > now and due or nil
  else
    due = nil
  end
  if due then
    redis.call('HSET', job, 'status', 'scheduled', unpack(ARGV, first, last))
    if front then
      redis.call('HSET', job, 'enqueue_at_front', 1)
    end
    schedule(prefixes, id, queue, due)
    reply[#reply + 1] = i
  else
    redis.call('HSET', job, 'status', 'queued', 'enqueued_at', stamp, unpack(ARGV, first, last))
    if front then
      redis.call('LPUSH', prefixes.queue .. queue, id)
    else
      queued[queue] = queued[queue] or {}
      queued[queue][#queued[queue] + 1] = id
    end
  end
  if ARGV[at + 4] ~= '' then
    redis.call('EXPIRE', job, ARGV[at + 4])
  end
  names[queue] = true
end)
for queue, ids in pairs(queued) do
  redis.call('RPUSH', prefixes.queue .. queue, unpack(ids))
end
for queue in pairs(names) do
  redis.call('SADD', prefixes.queues, prefixes.queue .. queue)
end
return reply
