--- @include keys
--- @include execution
-- Of more leases than so many only those are found whose runs are shown.
local MOST_LEASES = 10000

-- Ends the leases of all runs of a job, so that none of them can record anything any more.
local function revoke_leases(id, queue)
  local leases = WIP .. queue
  for _, execution in ipairs(redis.pcall('ZRANGE', EXECUTIONS .. id, 0, 99)) do
    redis.pcall('ZREM', leases, id .. ':' .. execution)
    forget_execution(id, execution)
  end
  local count = redis.pcall('ZCARD', leases)
  if type(count) ~= 'number' or count > MOST_LEASES then
    return
  end
  redis.call('ZREM', leases, id)
  local pattern = id:gsub('[%*%?%[%]\\]', '\\%0') .. ':*'
  local cursor = '0'
  repeat
    local page = redis.call('ZSCAN', leases, cursor, 'MATCH', pattern, 'COUNT', 1000)
    cursor = page[1]
    for i = 1, #page[2], 2 do
      redis.call('ZREM', leases, page[2][i])
    end
  until cursor == '0'
end
