--- @include keys
-- Drops a job that has ended from its registry, with all that is of it. One that has become
-- something else since only leaves the registry.
local function drop_ended(registry, id, status, other)
  redis.call('ZREM', registry, id)
  local job = JOB .. id
  local found = redis.pcall('HGET', job, 'status')
  if found == status or found == other then
    redis.call('UNLINK', job, job .. DEPENDENTS, JOB .. ':' .. id .. DEPENDENCIES, RESULTS .. id, ATTEMPTS .. id)
  end
end
