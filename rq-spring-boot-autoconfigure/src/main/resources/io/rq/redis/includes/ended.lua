--- @include keys
--- @include number
--- @include lifetime
--- @include record
--- @include registries
--- @include dependents
--- @include repeat
--- @include groups
-- All that follows the end of a job whose status says so: its entry in a registry, the jobs
-- that waited for it, its next repetition; then what is left of it gets its time to live,
-- given as text, or goes at once. Links are its fields 'repeats_left', 'dependency_ids',
-- 'attempts', 'reclaims' and 'group_id', as far as it has them. A job that was stopped
-- releases nobody.
local function job_ended(id, queue, success, ttl, now, stamp, links, stopped)
  if ttl ~= '0' then
    register((success and FINISHED or FAILED) .. queue, now, ttl, success and '+inf' or '-1', id)
  end
  local job = JOB .. id
  local dependents = job .. DEPENDENTS
  local dependencies = links[2] and JOB .. ':' .. id .. DEPENDENCIES
  local related = redis.call('EXISTS', dependents) == 1
  local released = not related or stopped or release_dependents(id, queue, not success, stamp)
  local repeats = success and links[1] and whole_number(links[1]) or 0
  if repeats > 0 then
    local obstacle = repeat_job(id, queue, repeats, now, stamp)
    if not obstacle then
      return
    end
    refused[obstacle] = true
  end
  if ttl == '0' then
    if links[5] and links[5] ~= '' then
      leave_group(links[5], queue, id)
    end
    redis.call('UNLINK', job, RESULTS .. id, ATTEMPTS .. id, dependencies or job, released and dependents or job)
    return
  end
  set_lifetime(ttl, job)
  if related and released then
    set_lifetime(ttl, dependents)
  end
  if dependencies then
    set_lifetime(ttl, dependencies)
  end
  if links[3] or links[4] then
    set_lifetime(attempts_lifetime(ttl), ATTEMPTS .. id)
  end
end
