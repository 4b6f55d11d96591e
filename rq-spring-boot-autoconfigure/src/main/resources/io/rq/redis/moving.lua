--[[
Reads a job that is on its way to another node, for move-in. Changes nothing.

KEYS[1]  job on its way (hash)
ARGV[1]  job id
ARGV[2]  nonce of the move

Replies: for its hash, its results and its attempts each:
           milliseconds it has left to live, -1 for ever, -2 if there is none
           number of entries, then for each its id ('' of the hash), the number of its values,
           and field, value, ...
]]
--- @include keys
--- @include moving
local reply = {}

local function add(id, values)
  reply[#reply + 1] = id
  reply[#reply + 1] = tostring(#values)
  for _, value in ipairs(values) do
    reply[#reply + 1] = value
  end
end

for i, key in ipairs(moving_keys(ARGV[1], ARGV[2])) do
  local stream = i > 1
  local entries = stream and redis.call('XRANGE', key[2], '-', '+') or { { '', redis.call('HGETALL', key[2]) } }
  reply[#reply + 1] = tostring(redis.call('PTTL', key[2]))
  reply[#reply + 1] = tostring(#entries)
  for _, entry in ipairs(entries) do
    add(entry[1], entry[2])
  end
end
return reply
