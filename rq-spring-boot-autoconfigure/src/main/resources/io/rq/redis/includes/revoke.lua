--- @include keys
--- @include execution
-- Of more leases than so many only those are found whose runs are shown.
local MOST_LEASES = 10000
local leases_of = {}

-- Returns the leases of a queue by the ids of their jobs, none of so many: one walk serves all
-- jobs of a call.
local function leases_by_id(queue)
  if not leases_of[queue] then
    local found = {}
    local count = redis.pcall('ZCARD', WIP .. queue)
    if type(count) == 'number' and count <= MOST_LEASES then
      for _, member in ipairs(redis.call('ZRANGE', WIP .. queue, 0, -1)) do
        local id = member:match('^(.*):') or member
        found[id] = found[id] or {}
        table.insert(found[id], member)
      end
    end
    leases_of[queue] = found
  end
  return leases_of[queue]
end

-- Ends the leases of all runs of a job, so that none of them can record anything any more.
local function revoke_leases(id, queue)
  for _, execution in ipairs(redis.pcall('ZRANGE', EXECUTIONS .. id, 0, 99)) do
    redis.pcall('ZREM', WIP .. queue, id .. ':' .. execution)
    forget_execution(id, execution)
  end
  for _, member in ipairs(leases_by_id(queue)[id] or {}) do
    redis.call('ZREM', WIP .. queue, member)
  end
end
