--[[
Pauses a queue, from which no worker of Java takes jobs then, or ends its pause.

KEYS[1]  the queues that are paused (string)
ARGV[1]  queue name
ARGV[2]  time for people, since when it is paused, or '' to end the pause
ARGV[3]  why, for people

Replies: 1 if it was paused before, else 0
]]
--- @include paused
local pauses = read_pauses(redis.call('GET', KEYS[1]))
local before = pauses[ARGV[1]]
if ARGV[2] == '' then
  pauses[ARGV[1]] = nil
else
  pauses[ARGV[1]] = { type(before) == 'table' and before[1] or ARGV[2], ARGV[3] }
end
-- The first write is one that a full Redis does not refuse.
redis.call('DEL', KEYS[1])
if next(pauses) then
  redis.call('SET', KEYS[1], cjson.encode(pauses))
end
return before and 1 or 0
