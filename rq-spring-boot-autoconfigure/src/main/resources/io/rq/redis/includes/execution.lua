--- @include keys
-- Deletes what beats have written of a run, at its end of whatever kind: RQ's readers
-- stumble over what is left of it (W21). Returns whether there was anything.
local function forget_execution(id, execution)
  local known = redis.call('DEL', EXECUTION .. id .. ':' .. execution) == 1
  redis.pcall('ZREM', EXECUTIONS .. id, execution)
  return known
end
