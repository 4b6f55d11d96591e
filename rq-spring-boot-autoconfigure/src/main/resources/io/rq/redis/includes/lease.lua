--- @include keys
--- @include execution
--- @include refused
-- Ends the lease of a run, and what beats may have written of it. Returns whether the run
-- held it: that is the right to record its outcome.
local function leave_lease(id, queue, execution, beaten)
  if beaten then
    forget_execution(id, execution)
  end
  local leases = WIP .. queue
  local removed = redis.pcall('ZREM', leases, id .. ':' .. execution)
  if type(removed) ~= 'number' then
    refused[leases] = true
  end
  return removed == 1
end
