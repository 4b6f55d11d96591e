--- @include keys
--- @include place
--- @include revoke
--- @include slots
-- Jobs whose ids the caller of an enqueue chose: each may replace an older job.
local seen_ids, checked, heads, replaced = {}, {}, {}, {}

-- Notes what there is of a job. Returns why it cannot be stored: 1 it exists, 2 it is
-- running, 3 its id was given before; else nothing, and its status if this call itself has
-- stored it, in an earlier delivery.
local function check_chosen(i, id, must_be_new, nonce)
  local old = redis.call('HMGET', JOB .. id, 'status', 'nonce', 'origin', 'enqueued_at', 'stray_id',
    'rate_limit_key')
  if seen_ids[id] then
    return 3
  end
  seen_ids[id] = true
  if old[2] == nonce then
    return nil, old[1]
  elseif must_be_new and redis.call('HEXISTS', JOB .. id, 'data') == 1 then
    return 1
  elseif old[1] == 'started' then
    return 2
  end
  replaced[i] = { id = id, status = old[1], origin = old[3], since = old[4], stray = old[5], limit = old[6] }
end

-- Fails on a key of another type, before anything has been written.
local function check_place(command, key)
  if not checked[key] then
    checked[key] = redis.call(command, key)
  end
  return checked[key]
end

-- When the longest waiting one of the next jobs came to its list, or false.
local function head_since(list)
  if heads[list] == nil then
    heads[list] = false
    for _, id in ipairs(redis.call('LRANGE', list, 0, 9)) do
      local since = redis.pcall('HGET', JOB .. id, 'enqueued_at')
      if type(since) == 'string' and (not heads[list] or since < heads[list]) then
        heads[list] = since
      end
    end
  end
  return heads[list]
end

-- Tells whether a job goes on waiting where it is: on a list too long to be searched,
-- unless all of the next ones came later than it, for then the list has been lost since.
local function keeps_place(i, queue)
  local old = replaced[i]
  if not old or old.status ~= 'queued' or old.origin ~= queue or check_place('LLEN', QUEUE .. queue) <= SEARCHED then
    return false
  end
  local since = head_since(QUEUE .. queue)
  old.stays = not since or not old.since or since <= old.since
  return old.stays
end

-- Drops the older job.
local function replace(i, stamp)
  local old = replaced[i]
  local id = old.id
  if old.status and old.origin and not old.stays then
    local _, found = leave_place(id, old.origin, old.status)
    old.stray = old.stray or not found
  end
  if old.status == 'canceled' then
    revoke_leases(id, old.origin or '')
  end
  redis.call('DEL', JOB .. id, RESULTS .. id, ATTEMPTS .. id, JOB .. ':' .. id .. DEPENDENCIES,
    JOB .. id .. ENDED_PARENTS)
  leave_limit(id, old.limit, stamp)
end

-- Returns since when the older job has had the place that the new one keeps, or nothing.
local function waiting_since(i)
  return replaced[i] and replaced[i].stays and replaced[i].since or nil
end

-- Tells whether the id may stand on a list where it should not.
local function is_stray(i)
  return replaced[i] and replaced[i].stray
end
