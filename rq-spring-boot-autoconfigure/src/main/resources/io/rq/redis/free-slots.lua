--[[
Frees slots of a rate limit whose jobs are gone or do not go on with them (protocol 11.5), in
one part of its holders, gives free ones to jobs that wait, and forgets a limit without jobs
whose bucket is full, if it is one.

KEYS[1]  jobs that have a slot of the limit (sorted set)
ARGV[1]  name of the limit
ARGV[2]  cursor to go on from, '0' to begin
ARGV[3]  about how many jobs to look at
ARGV[4]  time for people, as it stands in job hashes

Replies: {cursor}  where to go on, '0' at the end
]]
--- @include slots
local name = ARGV[1]
local by_time = is_by_time(name)
-- The first write is one that a full Redis does not refuse.
redis.call('ZREM', KEYS[1], '')
local page = redis.call('ZSCAN', KEYS[1], ARGV[2], 'COUNT', ARGV[3])
for i = 1, #page[2], 2 do
  local id = page[2][i]
  local start = is_window(name) and id:find(':', 1, true)
  if not start and not keeps_slot(id) then
    redis.call('ZREM', KEYS[1], id)
  elseif not start and by_time and redis.pcall('HGET', JOB .. id, 'status') ~= 'queued' then
    -- Somebody who does not know limits has started it.
    redis.call('ZREM', KEYS[1], id)
    if is_window(name) then
      redis.call('ZADD', KEYS[1], score_text(redis_time()), id .. ':')
    else
      spend(name, redis_time())
    end
  end
end
fill_slots(name, ARGV[4])
local left, burst = in_bucket(name, redis_time())
if redis.call('ZCARD', KEYS[1]) == 0 and redis.call('ZCARD', RATE_LIMIT .. name .. SLOTLESS) == 0 and left == burst then
  redis.call('SREM', by_time and RATE_WINDOWS or RATE_LIMITS, name)
  redis.call('DEL', RATE_LIMIT .. name)
end
return { page[1] }
