--[[
Reads the registrations of some workers after another. Changes nothing.

KEYS[1]  names of the workers' keys (set)
ARGV[1]  where the call before ended, 0 to begin
ARGV[2]  about how many
ARGV[3..] names of the fields to read

Replies: {where it ended or 0, key of a worker, {field, value, ...}, key of the next, ...}
           workers that have none of the fields are left out
]]
local part = redis.call('SSCAN', KEYS[1], ARGV[1], 'COUNT', ARGV[2])
local reply = { part[1] }
for _, worker in ipairs(part[2]) do
  local values = redis.pcall('HMGET', worker, unpack(ARGV, 3))
  local fields = {}
  for i, value in ipairs(values) do
    if value then
      fields[#fields + 1] = ARGV[i + 2]
      fields[#fields + 1] = value
    end
  end
  if #fields > 0 then
    reply[#reply + 1] = worker
    reply[#reply + 1] = fields
  end
end
return reply
