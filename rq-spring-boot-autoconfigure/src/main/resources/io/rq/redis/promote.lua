--[[
Moves scheduled jobs that are due to their queue, by way of their rate limit if they have
one, for the scheduler that holds the queue's lock. An entry without a job is given two
seconds before it is dropped, because Python writes the entry first and the job after it (W1).
A job that a key of its limit does not take is due ten seconds later.

KEYS[1]  scheduled jobs of the queue (sorted set)
KEYS[2]  scheduler lock of the queue (string)
ARGV[1]  queue name
ARGV[2]  this scheduler's token
ARGV[3]  number of jobs at most
ARGV[4]  time for people, as it stands in job hashes

Replies: {}              another scheduler holds the lock, or none does
         {moved, lateness, oldest, wait, {key, ...}, id, ...}
           number of jobs moved
           how late the last one was moved and how late the first, in microseconds
           microseconds until the next job is due, 0 if more are due already, -1 if there is none
           keys that hold a value of another type, for which jobs were left
           ids that were due but have no job
]]
--- @include keys
--- @include clock
--- @include number
--- @include present
--- @include put
--- @include elsewhere
--- @include again
--- @include early
if redis.call('GET', KEYS[2]) ~= ARGV[2] then
  return {}
end

promoted = ARGV[1]
local now = redis_time()
local list = QUEUE .. ARGV[1]
local limit = tonumber(ARGV[3])
local moved, first, last, young = 0, 0, 0, 0
local gone, missing, jobs = {}, {}, {}
local front, back, limited, ticks = {}, {}, {}, {}
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', score_text(now), 'WITHSCORES', 'LIMIT', 0, limit)
for i = 1, #due, 2 do
  local id = due[i]
  local late = now - tonumber(due[i + 1])
  local stored = redis.pcall('HMGET', JOB .. id, 'status', 'enqueue_at_front',
    'enqueue_at_front_on_retry', 'ended_at', 'ttl', 'rate_limit_key',
    'rate_limit_concurrency', 'unready_since')
  local has_limit = is_limited(stored[6], stored[7])
  if not is_job(JOB .. id, stored) then
    local name = ticked(id)
    if name then
      ticks[#ticks + 1] = { id = id, name = name }
    elseif late > 2 then
      gone[#gone + 1] = id
      missing[#missing + 1] = id
    else
      young = young + 1
    end
  elseif is_early(id, stored[1], stored[8], now) then
    young = young + 1
  elseif not (has_limit and is_barred(id, stored[6])) then
    settled[#settled + 1] = stored[8] and id or nil
    gone[#gone + 1] = id
    if stored[1] == 'scheduled' or stored[1] == 'created' or (stored[1] or '') == '' then
      local retried = stored[4] and stored[4] ~= ''
      if has_limit then
        limited[#limited + 1] = { id = id, fields = stored }
      elseif stored[2] == '1' or (stored[3] == '1' and retried) then
        front[#front + 1] = id
      else
        back[#back + 1] = id
      end
      jobs[id] = time_to_live(stored[5]) or false
      moved = moved + 1
      last = late
      first = math.max(first, late)
    end
  end
end
-- A list key of another type and rights that are missing fail before anything is lost, and the
-- first write is one that a full Redis does not refuse.
if moved > 0 then
  redis.call('LLEN', list)
  for command, ids in pairs({ rpush = back, lpush = front }) do
    if #ids > 0 and redis.acl_check_cmd and not redis.acl_check_cmd(command, list, ids[1]) then
      return redis.error_reply("NOPERM this user has no permissions to run the '" .. command .. "' command")
    end
  end
end
if #gone + #waiting > 0 then
  redis.call('ZREM', KEYS[1], '', unpack(gone))
end
look_again(KEYS[1], now + 10)
if #back > 0 then
  redis.call('RPUSH', list, unpack(back))
end
if #front > 0 then
  redis.call('LPUSH', list, unpack(front))
end
for _, job in ipairs(limited) do
  put_through(job.id, ARGV[1], job.fields[2] == '1', jobs[job.id], job.fields[6], job.fields[7], ARGV[4])
  jobs[job.id] = nil
end
for id, ttl in pairs(jobs) do
  mark_as_queued(id, ttl, 'enqueued_at', ARGV[4])
end
if moved > 0 then
  announce(ARGV[1])
end
note_early(now)
local filled = 0
for _, tick in ipairs(ticks) do
  if filled < limit then
    redis.call('ZREM', KEYS[1], tick.id)
    filled = filled + fill_slots(tick.name, ARGV[4])
  end
end

local wait = -1
if filled >= limit or (#due == 2 * limit and young < limit) then
  wait = 0
else
  local next = redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. score_text(now), '+inf', 'WITHSCORES', 'LIMIT', 0, 1)
  if next[2] then
    wait = math.ceil((tonumber(next[2]) - now) * 1000000)
  end
end
return { moved, math.floor(last * 1000000), math.floor(first * 1000000), wait, refused_keys(), unpack(missing) }
