--[[
Stores new jobs as enqueue-all does, of which some wait for others, belong to a group or have
a rate limit, by way of which they go to their queues (protocol 11.5). A job that waits for
others is deferred until all of them have ended (protocol 10). One whose parents have ended
already is put where it belongs at once. A parent of the same call stands before the jobs
that wait for it. All of them or none.

KEYS[1]  queue of the first job (list)
ARGV[1]  time for people, as it stands in job hashes
ARGV[2]  nonce of the call, or '' if ids that were made for their jobs are enough
ARGV[3]  for how many seconds the call is known by its nonce, or '' for a minute
ARGV[4]  number of jobs, then for each job what enqueue-all has, and after it:
  1 if failed parents count as ended, else 0,
  name of its group or '',
  key of its rate limit or '', concurrency of that or '',
  number of parents, then the id of each; after queue and colon if it lies on another node
  and after all jobs, if one of these is given, for whom they are put aside to be run at once,
  or '', then for each queue that has a limit: its name, how many jobs may wait on it, how many
  more are to come by later calls

Replies: {0, i, status, ...}  stored; the jobs at these positions have that status, the others
                              are queued
         {1, i}               nothing stored: the job at this position must be new but exists
         {2, i}               nothing stored: the job at this position is running
         {3, i}               nothing stored: the job at this position has the id of one before it
         {4, i, length, n}    nothing stored: so many jobs wait on the queue of the job at this
                              position, and n more are too many
]]
--- @include many
--- @include parents
--- @include groups
--- @include through
-- RQ 2.0 to 2.7 fail jobs whose time in the registry has passed; other versions do not read it
-- (protocol 17.1). A hundred years keep the order.
local NEVER = 100 * 365 * 86400
-- What this very call stores has not ended, whatever there was of that id before.
local stored, limited = {}, {}

local function last_value(at)
  return at + 5 + ARGV[at + 5]
end

local function defer(id, queue, parents, pending, now, due, ttl, ...)
  local job, dependencies = JOB .. id, JOB .. ':' .. id .. DEPENDENCIES
  redis.call('ZADD', DEFERRED .. queue, math.floor(now) + NEVER, id)
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

local function check_limit(key)
  local limit = RATE_LIMIT .. limit_of(key)
  check_place('SCARD', RATE_LIMITS)
  check_place('SCARD', RATE_WINDOWS)
  check_place('HLEN', limit)
  check_place('ZCARD', limit .. HOLDERS)
  check_place('ZCARD', limit .. SLOTLESS)
end

-- Returns where a job that has to wait is registered and what stores it, or nothing.
local function waits(i, id, queue, front, last)
  local allow_failure = ARGV[last + 1] == '1'
  local group, parents, pending = ARGV[last + 2], {}, {}
  stored[id] = true
  if group ~= '' and ONE_NODE then
    check_place('SCARD', GROUPS)
    check_place('SCARD', GROUP .. group)
  end
  for at = last + 6, last_value(last) do
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
  if #pending > 0 then
    return { registry = DEFERRED, status = 'deferred', store = function(...)
      defer(id, queue, parents, pending, ...)
    end }
  elseif is_limited(ARGV[last + 3], ARGV[last + 4]) and not dues[i] then
    check_limit(ARGV[last + 3])
    limited[#limited + 1] = { i = i, id = id, name = (limit_of(ARGV[last + 3])) }
    return { store = function(_, _, ttl, ...)
      wait_for_slot(id, ARGV[last + 3], ARGV[last + 4], front, ttl, ...)
    end }
  end
end

local function join(id, queue, last)
  if ARGV[last + 2] ~= '' then
    join_group(ARGV[last + 2], queue, id)
  end
end

-- Lets go whom the limits let go. Returns whether there are any.
local function settle(reply)
  local filled = {}
  for _, job in ipairs(limited) do
    if not filled[job.name] then
      fill_slots(job.name, ARGV[1])
    end
    filled[job.name] = true
  end
  for _, job in ipairs(limited) do
    note_status(reply, job.i, redis.call('HGET', JOB .. job.id, 'status'))
  end
  return #limited > 0
end

return enqueue_many(ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]),
  { last = last_value, waits = waits, stored = join, settle = settle })
