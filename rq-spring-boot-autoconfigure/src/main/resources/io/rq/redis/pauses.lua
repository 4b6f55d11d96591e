--[[
Tells which queues are paused. Changes nothing.

KEYS[1]  the queues that are paused (string)

Replies: {queue, since, reason, ...}
]]
--- @include paused
local reply = {}
for queue, pause in pairs(read_pauses(redis.call('GET', KEYS[1]))) do
  local told = type(pause) == 'table' and pause or {}
  reply[#reply + 1] = queue
  reply[#reply + 1] = tostring(told[1] or '')
  reply[#reply + 1] = tostring(told[2] or '')
end
return reply
