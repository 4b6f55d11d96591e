--[[
Reads the registrations of some workers after another. Changes nothing.

KEYS[1]  names of the workers' keys (set)
ARGV[1]  where the call before ended, 0 to begin
ARGV[2]  about how many

Replies: {where it ended or 0, key of a worker, {field, value, ...}, key of the next, ...}
]]
local part = redis.call('SSCAN', KEYS[1], ARGV[1], 'COUNT', ARGV[2])
local reply = { part[1] }
for _, worker in ipairs(part[2]) do
  local fields = redis.pcall('HGETALL', worker)
  if not fields.err and #fields > 0 then
    reply[#reply + 1] = worker
    reply[#reply + 1] = fields
  end
end
return reply
