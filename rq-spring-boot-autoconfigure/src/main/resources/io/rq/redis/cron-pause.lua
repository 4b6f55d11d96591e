--[[
Pauses a cron job, or ends its pause. What would have been due meanwhile is not made up for.

KEYS[1]  state of the cron job (hash)
ARGV[1]  since when and why it pauses, or '' to end the pause

Replies: 1 if it was paused before, else 0
]]
--- @include clock
local YEAR = 31536000
-- The first write is one that a full Redis does not refuse.
local was = redis.call('HDEL', KEYS[1], 'paused')
if ARGV[1] ~= '' then
  redis.call('HSET', KEYS[1], 'paused', ARGV[1])
elseif was == 1 then
  redis.call('HSET', KEYS[1], 'resumed', string.format('%.0f', math.floor(redis_time() * 1000)))
end
redis.call('EXPIRE', KEYS[1], YEAR)
return was
