--[[
Keeps the scheduler of cron jobs on RQ's record, and reads what is known of its jobs. One
that is new, or has another schedule than before, begins now: nothing of it was missed. So
does one that was settled last in the future, because the clock of Redis was set back.

KEYS[1]      this cron scheduler (hash)
KEYS[2..]    for each cron job the scheduler lock of its queue (string), its state (hash)
ARGV[1]      this scheduler's token, which is also its name
ARGV[2..13]  field, value, ... of the cron scheduler's hash
ARGV[14..]   schedule of each cron job, by which a change is seen

Replies: the time of Redis in milliseconds, then for each cron job
         {}                       another scheduler holds the lock of its queue, or none does
         {why}                    its state cannot be read
         {last, resumed, fired, paused}
           milliseconds of the occurrence settled last, or of its beginning, and of the last end of
           a pause or ''; time for people of its last job or ''; 1 if it is paused, else 0
]]
--- @include keys
--- @include clock
--- @include known
local REMEMBERED, YEAR = 120, 31536000
local now = redis_time()
local millis = string.format('%.0f', math.floor(now * 1000))

-- Whether a time is one that clients write as it stands, and not more than a minute ahead.
local function is_past(text)
  return text and text:match('^[1-9]%d*$') and tonumber(text) <= (now + 60) * 1000
end

local function read(state, schedule)
  local stored = redis.pcall('HMGET', state, 'schedule', 'last', 'resumed', 'fired_at', 'paused')
  if stored.err then
    return { stored.err }
  end
  if stored[1] ~= schedule or not is_past(stored[2]) then
    redis.call('HSET', state, 'schedule', schedule, 'last', millis)
    stored[2] = millis
  end
  if stored[3] and not is_past(stored[3]) then
    redis.call('HSET', state, 'resumed', millis)
    stored[3] = millis
  end
  redis.call('EXPIRE', state, YEAR)
  return { stored[2], stored[3] or '', stored[4] or '', stored[5] and 1 or 0 }
end

-- The first write is one that a full Redis does not refuse. Readers of the record drop the
-- same entries, and what it holds of another type is not worth a failure.
redis.pcall('ZREMRANGEBYSCORE', CRON_SCHEDULERS, '-inf', score_text(now - REMEMBERED))
redis.pcall('ZADD', CRON_SCHEDULERS, score_text(now), ARGV[1])
redis.pcall('HSET', KEYS[1], unpack(ARGV, 2, 13))
redis.pcall('EXPIRE', KEYS[1], REMEMBERED)
local reply = { tonumber(millis) }
for i = 2, #KEYS, 2 do
  local at = 13 + i / 2
  reply[at - 12] = known(redis.pcall('GET', KEYS[i])) == ARGV[1] and read(KEYS[i + 1], ARGV[at]) or {}
end
return reply
