--[[
Stores new jobs and puts each on its queue or, if it is due later, into the registry of
scheduled jobs. All of them or none. A client repeats a call when its connection breaks
before the reply. What an earlier delivery of this very call has stored is left as it is:
the whole call is known by its nonce for a minute, a job whose id the caller chose by the
nonce in its hash, any other job by its id.

KEYS[1]  queue of the first job (list)
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
--- @include limits
--- @include put
--- @include elsewhere
--- @include chosen
local stamp = ARGV[1]
local nonce = ARGV[2]
local count = tonumber(ARGV[3])
local REMEMBERED = 60

local function lifetime(text)
  return text ~= '' and math.min(text, LONGEST)
end

local call = nonce ~= '' and ENQUEUED .. nonce
local earlier_reply = call and redis.call('GET', call)
if earlier_reply then
  redis.call('EXPIRE', call, REMEMBERED)
  return cjson.decode(earlier_reply)
end

local now
local reply = { 0 }
local dues, pushes, queues, known = {}, {}, {}, {}

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

-- Notes when a job is due, if that lies ahead.
local function note_due(i, due)
  if due ~= '' then
    now = now or redis_time()
    due = due:sub(1, 1) == '+' and now + tonumber(due:sub(2)) or tonumber(due)
    dues[i] = due > now and due or nil
  end
end

local refused = each_job(function(i, at)
  local id, queue, flags = ARGV[at], ARGV[at + 1], tonumber(ARGV[at + 2])
  local in_the_way
  if flags >= 2 then
    in_the_way, known[i] = check_chosen(i, id, flags >= 4, nonce)
  elseif redis.call('EXISTS', JOB .. id) == 1 then
    known[i] = redis.call('HGET', JOB .. id, 'status')
  end
  if in_the_way then
    return { in_the_way, i }
  elseif known[i] ~= nil then
    reply[#reply + 1] = known[i] == 'scheduled' and i or nil
    return
  end
  note_due(i, ARGV[at + 3])
  if count > 1 or call then
    check_place('SCARD', QUEUES)
    check_place(dues[i] and 'ZCARD' or 'LLEN', (dues[i] and SCHEDULED or QUEUE) .. queue)
  end
  queues[queue] = true
  if dues[i] then
    reply[#reply + 1] = i
  elseif flags % 2 == 1 or not keeps_place(i, queue) then
    pushes[queue] = pushes[queue] or { LPUSH = {}, RPUSH = {} }
    table.insert(pushes[queue][flags % 2 == 1 and 'LPUSH' or 'RPUSH'], id)
  end
end)
if refused then
  return refused
end

-- The first write is one that a full Redis refuses.
if call then
  redis.call('SET', call, cjson.encode(reply), 'EX', REMEMBERED)
end
for i in pairs(replaced) do
  replace(i)
end
for queue, commands in pairs(pushes) do
  for command, ids in pairs(commands) do
    if #ids > 0 then
      redis.call(command, QUEUE .. queue, unpack(ids))
    end
  end
end
each_job(function(i, at, first, last)
  if known[i] ~= nil then
    return
  end
  local id, ttl = ARGV[at], lifetime(ARGV[at + 4])
  if not dues[i] then
    mark_as_queued(id, ttl, 'enqueued_at', waiting_since(i) or stamp, unpack(ARGV, first, last))
  else
    put_for_later(id, ARGV[at + 1], now, dues[i], ttl, unpack(ARGV, first, last))
    if tonumber(ARGV[at + 2]) % 2 == 1 then
      redis.call('HSET', JOB .. id, 'enqueue_at_front', 1)
    end
  end
  if is_stray(i) then
    redis.call('HSET', JOB .. id, 'stray_id', 1)
  end
end)
for queue in pairs(queues) do
  announce(queue)
end
return reply
