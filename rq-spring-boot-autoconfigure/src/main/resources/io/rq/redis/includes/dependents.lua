-- One call looks at about so many children and parents of children; maintenance goes on
-- with the rest.
local MAX_SEEN = 1000
local PAGE = 100
local seen = 0

-- Notes where a search has to go on, for maintenance of the queue.
local function go_on_later(queue, subject, kind, cursor)
  redis.pcall('HSETNX', PREFIX .. 'releasing:' .. queue, subject, kind .. ' ' .. cursor)
end

-- Visits the members of a set from a cursor on until one visit says false. Returns false
-- then, else the cursor to go on from, '0' if there are no more.
local function each_member(key, cursor, visit)
  repeat
    local page = redis.pcall('SSCAN', key, cursor, 'COUNT', PAGE)
    if page.err then
      return '0'
    end
    cursor = page[1]
    for _, member in ipairs(page[2]) do
      if visit(member) == false then
        return false
      end
    end
    seen = seen + #page[2]
  until cursor == '0' or seen >= MAX_SEEN
  return cursor
end

-- Returns whether no parent of a child has yet to end, or the cursor to go on from.
local function parents_are_done(child, parent, allow_failure, cursor)
  return each_member(JOB .. ':' .. child .. ':dependencies', cursor, function(other)
    if other ~= parent then
      local status = redis.pcall('HGET', JOB .. other, 'status')
      return not status or status == 'finished' or (status == 'failed' and allow_failure)
    end
  end)
end

-- Puts a job on its queue if no parent is left that it has to wait for. A child that cannot
-- be read stays where it is. Returns whether it waits for nothing any more.
local function release_child(child, queue, parent, parent_failed, stamp, cursor)
  local job = JOB .. child
  local fields = redis.pcall('HMGET', job, 'status', 'origin', 'allow_dependency_failures', 'enqueue_at_front', 'ttl')
  if fields.err then
    return false
  elseif not fields[1] then
    return true
  end
  local allow_failure = fields[3] == '1'
  if fields[1] ~= 'deferred' or not fields[2] or (parent_failed and not allow_failure) then
    return false
  end
  local done = parents_are_done(child, parent, allow_failure, cursor)
  if done ~= '0' then
    if done then
      go_on_later(queue, ':' .. child, 'child', done)
    end
    return false
  end
  if type(redis.pcall(fields[4] == '1' and 'LPUSH' or 'RPUSH', QUEUE .. fields[2], child)) ~= 'number' then
    return false
  end
  redis.pcall('ZREM', PREFIX .. 'deferred:' .. fields[2], child)
  redis.call('HSET', job, 'status', 'queued', 'enqueued_at', stamp)
  local ttl = time_to_live(fields[5])
  if ttl then
    redis.call('EXPIRE', job, ttl)
  end
  redis.pcall('SADD', QUEUES, QUEUE .. fields[2])
  return true
end

-- Puts the jobs that waited for this one on their queues (protocol 10): all whose other
-- parents are done too; after a failure only those that allow it. Returns whether all of
-- them have been looked at; if not, the set of them must last until maintenance has.
local function release_dependents(parent, queue, parent_failed, stamp, cursor)
  local key = JOB .. parent .. ':dependents'
  cursor = each_member(key, cursor or '0', function(child)
    if release_child(child, queue, parent, parent_failed, stamp, '0') then
      redis.call('SREM', key, child)
    end
  end)
  if cursor == '0' then
    return true
  end
  go_on_later(queue, parent, parent_failed and 'failed' or 'finished', cursor)
  return false
end
