--- @include keys
--- @include limits
--- @include put
--- @include chosen
-- Where each job of a call goes: to its queue, into the registry of scheduled jobs, or where
-- it waits for something else, which the script says.
local now
local dues, pushes, queues, waiting = {}, {}, {}, {}

-- How many jobs of the call come to each queue now, and the last of them.
local coming, newest = {}, {}

-- Notes when a job is due, if that lies ahead.
local function note_due(i, due)
  if due ~= '' then
    now = now or redis_time()
    due = due:sub(1, 1) == '+' and now + tonumber(due:sub(2)) or tonumber(due)
    dues[i] = due > now and due or nil
  end
end

local function lifetime(text)
  return text ~= '' and math.min(text, LONGEST)
end

local function push(queue, front, id)
  pushes[queue] = pushes[queue] or { LPUSH = {}, RPUSH = {} }
  table.insert(pushes[queue][front and 'LPUSH' or 'RPUSH'], id)
end

-- Looks where a job goes, before anything is written.
local function note_place(i, id, queue, front, checked)
  local registry = waiting[i] and waiting[i].registry or not waiting[i] and dues[i] and SCHEDULED
  if checked then
    check_place('SCARD', QUEUES)
    check_place(registry and 'ZCARD' or 'LLEN', (registry or QUEUE) .. queue)
  end
  queues[queue] = true
  local old = replaced[i]
  if not registry and not (old and old.status == 'queued' and old.origin == queue) then
    coming[queue], newest[queue] = (coming[queue] or 0) + 1, i
  end
  if not waiting[i] and not dues[i] and (front or not keeps_place(i, queue)) then
    push(queue, front, id)
  end
  return waiting[i] and waiting[i].status or not waiting[i] and dues[i] and 'scheduled' or nil
end

local function put(i, id, queue, front, ttl, stamp, ...)
  if waiting[i] then
    now = now or redis_time()
    waiting[i].store(now, dues[i], ttl, ...)
  elseif not dues[i] then
    mark_as_queued(id, ttl, 'enqueued_at', waiting_since(i) or stamp, ...)
  else
    put_for_later(id, queue, now, dues[i], ttl, ...)
    if front then
      redis.call('HSET', JOB .. id, 'enqueue_at_front', 1)
    end
  end
  if is_stray(i) then
    redis.call('HSET', JOB .. id, 'stray_id', 1)
  end
end
