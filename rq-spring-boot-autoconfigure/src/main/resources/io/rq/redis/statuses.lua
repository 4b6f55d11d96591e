--[[
Tells the statuses of jobs of a group. Changes nothing.

KEYS     jobs (hashes)
ARGV[1]  name of the group

Replies: for each job its status, '' if there is no such job in the group (any more)
]]
--- @include present
local reply = {}
for _, job in ipairs(KEYS) do
  local stored = redis.pcall('HMGET', job, 'status', 'group_id')
  local member = stored[2] == ARGV[1] and is_job(job, stored)
  reply[#reply + 1] = member and (stored[1] or 'created') or ''
end
return reply
