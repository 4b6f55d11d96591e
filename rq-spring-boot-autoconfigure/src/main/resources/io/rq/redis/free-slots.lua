--[[
Frees slots of a rate limit whose jobs are gone or do not go on with them (protocol 11.5), in
one part of its holders, gives free ones to jobs that wait, and forgets a limit without jobs.

KEYS[1]  jobs that have a slot of the limit (sorted set)
ARGV[1]  key of the limit
ARGV[2]  cursor to go on from, '0' to begin
ARGV[3]  about how many jobs to look at
ARGV[4]  time for people, as it stands in job hashes

Replies: {cursor}  where to go on, '0' at the end
]]
--- @include slots
local key = ARGV[1]
-- The first write is one that a full Redis does not refuse.
redis.call('ZREM', KEYS[1], '')
local page = redis.call('ZSCAN', KEYS[1], ARGV[2], 'COUNT', ARGV[3])
for i = 1, #page[2], 2 do
  if not keeps_slot(page[2][i]) then
    redis.call('ZREM', KEYS[1], page[2][i])
  end
end
fill_slots(key, ARGV[4])
if redis.call('ZCARD', KEYS[1]) == 0 and redis.call('ZCARD', RATE_LIMIT .. key .. SLOTLESS) == 0 then
  redis.call('SREM', RATE_LIMITS, key)
  redis.call('DEL', RATE_LIMIT .. key)
end
return { page[1] }
