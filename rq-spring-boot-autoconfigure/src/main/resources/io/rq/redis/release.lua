--[[
Gives back jobs that were claimed but have not begun to run: they wait again at the front
of their queues, in their old order, as if they had not been taken.

KEYS[1]  queue of the first execution (list)
KEYS[2]  worker (hash)
ARGV[1]  number of executions, then for each: job id, queue name, execution id

Replies: {i, ...} positions of executions whose lease was lost
]]
--- @include unclaim
local lost = {}
for i = tonumber(ARGV[1]), 1, -1 do
  local at = 3 * i - 1
  if not unclaim(ARGV[at], ARGV[at + 1], ARGV[at + 2], KEYS[2]) then
    lost[#lost + 1] = i
  end
end
return lost
