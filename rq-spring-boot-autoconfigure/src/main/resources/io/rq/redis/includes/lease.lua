--- @include keys
--- @include execution
--- @include refused
--- @include shown
-- Ends the lease of a run, and what beats of its worker may have written of it. Returns
-- whether the run held it: that is the right to record its outcome.
local function leave_lease(worker, id, queue, execution, beaten)
  if beaten then
    forget_execution(id, execution)
    hide_run(worker, id, execution)
  end
  local leases = WIP .. queue
  return accepted(leases, redis.pcall('ZREM', leases, id .. ':' .. execution)) == 1
end
