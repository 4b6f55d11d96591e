--- @include keys
-- Deletes what beats have written of a run, at its end of whatever kind: RQ's readers
-- stumble over what is left of it (W21).
local function forget_execution(id, execution)
  redis.call('DEL', EXECUTION .. id .. ':' .. execution)
  redis.pcall('ZREM', EXECUTIONS .. id, execution)
end
