--- @include keys
--- @include clock
--- @include places
-- Deleted jobs that are kept aside for a while (protocol 13). One that runs, or waits for
-- others, is not: what it was part of goes on without it.
local function may_be_kept(status)
  return status == 'queued' or status == 'rate_limited' or status == 'created' or PLACES[status] ~= nil
end

-- The keys of a job, where each is kept, and which field notes when it would have expired.
local function kept_keys(id)
  local job, kept = JOB .. id, DELETED .. id
  return { { job, kept, 'kept_expiry' }, { job .. DEPENDENTS, kept .. DEPENDENTS, 'kept_dependents_expiry' },
    { RESULTS .. id, DELETED_RESULTS .. id, 'kept_results_expiry' },
    { ATTEMPTS .. id, DELETED_ATTEMPTS .. id, 'kept_attempts_expiry' } }
end

-- Returns the score of a job in the registry it is in, or nothing.
local function score_in_place(id, queue, status)
  local score = PLACES[status] and redis.pcall('ZSCORE', PLACES[status] .. queue, id)
  return type(score) == 'string' and score or nil
end

-- Keeps a job aside that has left its place, in which it had that score if it had one, and notes
-- it for the bulk operation that it is deleted by, if any.
local function keep(id, score, millis, operation)
  local now = redis_time() * 1000
  local keys = kept_keys(id)
  redis.call('UNLINK', JOB .. ':' .. id .. DEPENDENCIES, keys[2][2], keys[3][2], keys[4][2])
  for _, key in ipairs(keys) do
    local left = redis.call('PTTL', key[1])
    if left ~= -2 then
      redis.call('RENAME', key[1], key[2])
      redis.call('PEXPIRE', key[2], millis)
      if left >= 0 then
        redis.call('HSET', DELETED .. id, key[3], string.format('%.0f', now + left))
      end
    end
  end
  if score then
    redis.call('HSET', DELETED .. id, 'kept_score', score)
  end
  if operation ~= '' then
    redis.call('RPUSH', DELETED_JOBS .. operation, id)
    redis.call('PEXPIRE', DELETED_JOBS .. operation, millis)
  end
end
