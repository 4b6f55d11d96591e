--- @include keys
--- @include place
-- Tells whether a job waits on a list; of a long one only the ends are searched.
local function is_waiting(id, list)
  local length = redis.pcall('LLEN', list)
  if type(length) ~= 'number' then
    return true
  elseif length <= SEARCHED then
    return redis.call('LPOS', list, id)
  end
  return redis.call('LPOS', list, id, 'MAXLEN', ENDS) or redis.call('LPOS', list, id, 'RANK', -1, 'MAXLEN', ENDS)
end

-- Tells whether the run of a job that has or had a lease is still what the job is about. A
-- status alone does not say so: RQ's job.save() writes that of its copy of the job, which may
-- be older than the run (W26). What may be left on a list must not count later, see 'stray_id'
-- in the claim.
local function is_under_way(id, queue, status)
  if status == 'queued' then
    local list = QUEUE .. queue
    if is_waiting(id, list) then
      return false
    elseif redis.call('LLEN', list) > SEARCHED then
      redis.call('HSET', JOB .. id, 'stray_id', '1')
    end
    return true
  elseif status == 'scheduled' or status == 'deferred' then
    return not redis.pcall('ZSCORE', (status == 'scheduled' and SCHEDULED or DEFERRED) .. queue, id)
  end
  return status == 'started' or status == 'created' or status == ''
end

-- Tells whether a job is another one than that of a version, which says when it was created
-- and enqueued. An older copy of the same one has an earlier time.
local function is_newer(version, created, enqueued)
  local before, at = version:match('^(%S*) (.*)$')
  return before and (before ~= (created or '') or (enqueued or '') > at)
end

-- Tells whether the run of a job decides what becomes of it: it is under way, and the job is
-- still the one that was claimed.
local function decides(id, status, version, created, enqueued, queue)
  return not is_newer(version, created, enqueued) and is_under_way(id, queue, status)
end
