--[[
Lets no worker start a job (protocol 12.3).

KEYS[1]  flag that all workers are suspended (string)
ARGV[1]  seconds after which they go on, or '' for never

Replies: 1
]]
-- The first write is one that a full Redis does not refuse.
redis.call('DEL', KEYS[1])
redis.call('SET', KEYS[1], 1)
if ARGV[1] ~= '' then
  redis.call('EXPIRE', KEYS[1], ARGV[1])
end
return 1
