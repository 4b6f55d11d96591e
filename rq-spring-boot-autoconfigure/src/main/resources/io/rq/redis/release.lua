--[[
Gives back jobs that were claimed but have not begun to run, or not come to their end: they
wait again at the front of their queues, in their old order, as if they had not been taken.

KEYS[1]  queue of the first execution (list)
KEYS[2]  worker (hash)
ARGV[1]  time for people, as it stands in job hashes, if they had begun to run, else ''
ARGV[2]  number of executions, then for each: job id, queue name, execution id, when the job was
         enqueued as its hash said at the claim, or '' for any time

Replies: {i, ...} positions of executions whose lease was lost
]]
--- @include unclaim
local lost = {}
local begun = ARGV[1] ~= '' and ARGV[1]
for i = tonumber(ARGV[2]), 1, -1 do
  local at = 4 * i - 1
  if not unclaim(ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3], KEYS[2], begun) then
    lost[#lost + 1] = i
  end
end
return lost
