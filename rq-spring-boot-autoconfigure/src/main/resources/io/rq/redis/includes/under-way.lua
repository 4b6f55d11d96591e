--- @include keys
--- @include place
-- Tells whether the run of a job that has or had a lease is still what the job is about. A
-- status alone does not say so: RQ's job.save() writes that of its copy of the job, which may
-- be older than the run (W26). What may be left on a list must not count later, see 'stray_id'
-- in the claim.
local function is_under_way(id, queue, status)
  if status == 'queued' then
    local list = QUEUE .. queue
    local length = redis.pcall('LLEN', list)
    if type(length) ~= 'number' or find_on(list, id, length <= SEARCHED and SEARCHED or ENDS) then
      return false
    elseif length > SEARCHED then
      redis.call('HSET', JOB .. id, 'stray_id', '1')
    end
    return true
  elseif status == 'scheduled' or status == 'deferred' then
    return not redis.pcall('ZSCORE', (status == 'scheduled' and SCHEDULED or DEFERRED) .. queue, id)
  end
  return status == 'started' or status == 'created' or status == ''
end

-- Tells whether the run of a job decides what becomes of it: it is under way, and the job has
-- not been enqueued anew since the claim. An older copy of it has an earlier time.
local function decides(id, queue, status, enqueued_at, now_enqueued_at)
  local anew = enqueued_at ~= '' and (now_enqueued_at or '') > enqueued_at
  return not anew and is_under_way(id, queue, status)
end
