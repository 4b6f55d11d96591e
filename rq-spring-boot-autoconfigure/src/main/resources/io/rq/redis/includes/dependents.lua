--- @include keys
--- @include number
--- @include put
--- @include elsewhere
--- @include parents
--- @include through
--- @include visits
--- @include refused
-- Where parents may lie on other nodes, those that have ended are noted beside the child.
local function note_end(child, parent)
  if parent and not ONE_NODE then
    redis.call('SADD', JOB .. child .. ENDED_PARENTS, parent)
  end
end

-- Returns whether no parent of a child has yet to end, or the cursor to go on from.
local function parents_are_done(child, parent, allow_failure, cursor)
  local ended = JOB .. child .. ENDED_PARENTS
  return each_member(JOB .. ':' .. child .. DEPENDENCIES, cursor, function(other)
    if not ONE_NODE then
      return redis.call('SISMEMBER', ended, other) == 1
    end
    return other == parent or has_ended(other, allow_failure)
  end)
end

-- Puts a child where it goes when it waits for no other any more. Returns nothing, or the key
-- that does not take it.
local function put_child(child, queue, front, ttl, due, stamp, key, most)
  local now = due and redis_time()
  if due and due > now then
    if type(redis.pcall('ZCARD', SCHEDULED .. queue)) ~= 'number' then
      return SCHEDULED .. queue
    end
    put_for_later(child, queue, now, due, ttl)
  elseif put_through(child, queue, front, ttl, key, most, stamp) then
    return is_limited(key, most) and RATE_LIMIT .. limit_of(key) or QUEUE .. queue
  end
end

-- Puts a job on its queue, or lets it wait for its time, if no parent is left that it has to
-- wait for. A child that cannot be read stays where it is; one that no key takes is looked at
-- again by maintenance, without a cursor: all its parents had ended. Returns whether it waits
-- for none any more.
local function release_child(child, queue, parent, parent_failed, stamp, cursor)
  local job = JOB .. child
  local fields = redis.pcall('HMGET', job, 'status', 'origin', 'allow_dependency_failures', 'enqueue_at_front', 'ttl',
    'due_at', 'rate_limit_key', 'rate_limit_concurrency', 'created_at')
  if fields.err then
    return false
  elseif not fields[1] then
    return true
  end
  local allow_failure = fields[3] == '1'
  if fields[1] ~= 'deferred' or not fields[2] or (parent_failed and not allow_failure) then
    return false
  end
  note_end(child, parent)
  if seen >= MAX_SEEN_IN_ALL and cursor then
    go_on_later(queue, ':' .. child, 'child', cursor, parent)
    return false
  end
  local done = not cursor and '0' or parents_are_done(child, parent, allow_failure, cursor)
  if done ~= '0' then
    if done then
      go_on_later(queue, ':' .. child, 'child', done, parent)
    end
    return false
  end
  local obstacle = put_child(child, fields[2], fields[4] == '1', time_to_live(fields[5]), tonumber(fields[6] or nil),
    stamp, fields[7], fields[8])
  if obstacle then
    refused[obstacle] = true
    redis.pcall('HSET', RELEASING .. queue .. STUCK, child, fields[9] or '')
    return false
  end
  redis.pcall('ZREM', DEFERRED .. fields[2], child)
  if not ONE_NODE then
    redis.call('DEL', JOB .. child .. ENDED_PARENTS)
  end
  announce(fields[2])
  return true
end

-- Puts the jobs that waited for this one on their queues (protocol 10): all whose other
-- parents are done too; after a failure only those that allow it. Returns whether all of
-- them have been looked at; if not, the set of them must last until maintenance has.
local function release_dependents(parent, queue, parent_failed, stamp, cursor)
  local kind = parent_failed and 'failed' or 'finished'
  if seen >= MAX_SEEN_IN_ALL then
    go_on_later(queue, parent, kind, cursor or '0')
    return false
  end
  local key = JOB .. parent .. DEPENDENTS
  cursor = each_member(key, cursor or '0', function(child)
    local other_queue, id
    if not ONE_NODE then
      other_queue, id = child:match('^(.+):([^:]+)$')
    end
    if other_queue then
      deliver('parent', other_queue, id, queue .. ':' .. parent, parent_failed and 1 or 0)
      if not parent_failed then
        redis.call('SREM', key, child)
      end
    elseif release_child(child, queue, parent, parent_failed, stamp, '0') then
      redis.call('SREM', key, child)
    end
  end)
  if cursor == '0' then
    return true
  end
  go_on_later(queue, parent, kind, cursor)
  return false
end
