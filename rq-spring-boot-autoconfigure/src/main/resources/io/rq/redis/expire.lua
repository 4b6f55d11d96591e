--[[
Drops registry entries whose time has come (protocol 8): their jobs have expired by
themselves.

KEYS[1..]    registries of ended jobs (sorted sets)
ARGV[1]      number of entries at most per registry

Replies: the largest number of entries dropped from one registry
]]
local now = redis.call('TIME')[1]
local most = 0
local failure
for _, registry in ipairs(KEYS) do
  local ids = redis.pcall('ZRANGEBYSCORE', registry, 0, now, 'LIMIT', 0, ARGV[1])
  failure = ids.err and ids or failure
  if #ids > 0 then
    redis.call('ZREM', registry, unpack(ids))
  end
  most = math.max(most, #ids)
end
return failure or most
