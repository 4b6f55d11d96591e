--[[
Lets no worker start a job (protocol 12.3).

KEYS[1]  flag that all workers are suspended (string)
ARGV[1]  seconds after which they go on, or '' for never
ARGV[2]  '' to leave a flag that is set already as it is

Replies: 1, or 0 if the flag was left
]]
if ARGV[2] == '' and redis.call('EXISTS', KEYS[1]) == 1 then
  return 0
end
-- The first write is one that a full Redis does not refuse.
redis.call('DEL', KEYS[1])
if ARGV[1] ~= '' then
  redis.call('SET', KEYS[1], 1, 'EX', ARGV[1])
else
  redis.call('SET', KEYS[1], 1)
end
return 1
