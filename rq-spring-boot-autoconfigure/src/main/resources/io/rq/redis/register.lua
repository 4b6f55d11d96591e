--[[
Registers a worker (protocol 12.1), anew or again.

KEYS[1]      worker (hash)
KEYS[2]      all workers (set)
KEYS[3..]    for each queue: its workers (set), the workers that may take ids from it (set)
ARGV[1]      worker name
ARGV[2]      time to live in seconds
ARGV[3..]    field, value, ... of the worker's hash

Replies: 1, or 0 if a living worker of another process has that name
]]
local pid, host
for i = 3, #ARGV, 2 do
  if ARGV[i] == 'pid' then
    pid = ARGV[i + 1]
  elseif ARGV[i] == 'hostname' then
    host = ARGV[i + 1]
  end
end
local other = redis.call('HMGET', KEYS[1], 'pid', 'hostname', 'death')
if other[1] and not other[3] and (other[1] ~= pid or other[2] ~= host) then
  return 0
end
-- The first write is one that a full Redis does not refuse.
redis.call('SREM', KEYS[2], KEYS[1])
if other[3] then
  redis.call('DEL', KEYS[1])
end
redis.call('HSET', KEYS[1], unpack(ARGV, 3))
redis.call('EXPIRE', KEYS[1], ARGV[2])
redis.call('SADD', KEYS[2], KEYS[1])
for i = 3, #KEYS, 2 do
  redis.call('SADD', KEYS[i], KEYS[1])
  redis.call('SADD', KEYS[i + 1], ARGV[1])
end
return 1
