--[[
Stores new jobs as enqueue-all does, of which some wait for others or belong to a group. A
job that waits is deferred until all of its parents have ended (protocol 10). One whose
parents have ended already is put where it belongs at once. A parent of the same call
stands before the jobs that wait for it. All of them or none.

KEYS[1]  queue of the first job (list)
ARGV[1]  time for people, as it stands in job hashes
ARGV[2]  nonce of the call, or '' if ids that were made for their jobs are enough
ARGV[3]  number of jobs, then for each job what enqueue-all has, and after it:
  1 if failed parents count as ended, else 0,
  name of its group or '',
  number of parents, then the id of each; after queue and colon if it lies on another node

Replies: {0, i, ...}  stored; the jobs at these positions are scheduled, those at the
                      positions -i deferred, the others queued
         {1, i}       nothing stored: the job at this position must be new but exists
         {2, i}       nothing stored: the job at this position is running
         {3, i}       nothing stored: the job at this position has the id of one before it
]]
--- @include many
--- @include parents
--- @include groups
-- What this very call stores has not ended, whatever there was of that id before.
local stored = {}

local function last_value(at)
  return at + 3 + ARGV[at + 3]
end

local function defer(id, queue, parents, pending, now, due, ttl, ...)
  local job, dependencies = JOB .. id, JOB .. ':' .. id .. DEPENDENCIES
  redis.call('ZADD', DEFERRED .. queue, math.floor(now), id)
  redis.call('HSET', job, 'status', 'deferred', ...)
  if due then
    redis.call('HSET', job, 'due_at', score_text(due))
  end
  for _, parent in ipairs(pending) do
    local other_queue, other = parent:match('^(.+):([^:]+)$')
    if other_queue then
      deliver('child', other_queue, other, queue, id)
    else
      redis.call('SADD', JOB .. parent .. DEPENDENTS, id)
    end
  end
  -- RQ notes all of them; where some lie on other nodes, only these tell of their end
  for _, parent in ipairs(ONE_NODE and parents or pending) do
    redis.call('SADD', dependencies, parent)
  end
  if ttl then
    ttl = lifetime_until(ttl, due and due - now or 0)
    redis.call('EXPIRE', job, ttl)
    redis.call('EXPIRE', dependencies, ttl)
  end
end

-- Returns what stores a job that has to wait, or nothing.
local function waits(id, queue, last)
  local allow_failure = ARGV[last + 1] == '1'
  local group, parents, pending = ARGV[last + 2], {}, {}
  stored[id] = true
  if group ~= '' and ONE_NODE then
    check_place('SCARD', GROUPS)
    check_place('SCARD', GROUP .. group)
  end
  for at = last + 4, last_value(last) do
    local parent = ARGV[at]
    parents[#parents + 1] = parent
    local elsewhere = parent:find(':', 1, true)
    if elsewhere or stored[parent] or not has_ended(parent, allow_failure) then
      pending[#pending + 1] = parent
      if not elsewhere then
        check_place('SCARD', JOB .. parent .. DEPENDENTS)
      end
    end
  end
  return #pending > 0 and function(...)
    defer(id, queue, parents, pending, ...)
  end or nil
end

local function join(id, queue, last)
  if ARGV[last + 2] ~= '' then
    join_group(ARGV[last + 2], queue, id)
  end
end

return enqueue_many(ARGV[1], ARGV[2], tonumber(ARGV[3]), { last = last_value, waits = waits, stored = join })
