--[[
Reads jobs, as far as they fit into one reply: the call ends early where they are large, and
goes on with the rest at the next. Changes nothing.

KEYS[1..]    jobs (hashes)

Replies: for each job, from the first on: {field, value, ...}, nothing if there is none
]]
local MOST = 16 * 1024 * 1024
local reply, size = {}, 0
for i, job in ipairs(KEYS) do
  local fields = redis.pcall('HGETALL', job)
  reply[i] = fields.err and {} or fields
  for at = 2, #fields, 2 do
    size = size + #fields[at]
  end
  if size >= MOST then
    break
  end
end
return reply
