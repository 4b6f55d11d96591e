--- @include keys
--- @include refused
--- @include windows
--- @include unfit
-- What a claim takes: the jobs to run, the ids that are none, and the leases to write. The
-- script has set: now, expiry, and what 'unfit' needs.
local jobs, starts, wip = {}, {}, {}
local bytes = 0

local ended = { started = true, finished = true, canceled = true, stopped = true, rate_limited = true }

-- Leaves the marks of a start to the end: a job whose lease cannot be written goes back.
local function start(id, list, series)
  local job = JOB .. id
  if starts[id] then
    return drop(id, 'it is started')
  end
  local fields = redis.pcall('HGETALL', job)
  if fields.err then
    return drop(id, 'its key is not a hash')
  end
  local status, queue, data = nil, ''
  local temporary, strayed, limit, size = false, false, false, 0
  for i = 1, #fields, 2 do
    local name = fields[i]
    size = size + #name + #fields[i + 1]
    if name == 'status' then
      status = fields[i + 1]
    elseif name == 'origin' then
      queue = fields[i + 1]
    elseif name == 'data' then
      data = true
    elseif name == 'ttl' or name == 'started_at' then
      temporary = true
    elseif name == 'stray_id' then
      strayed = true
    elseif name == 'rate_limit_key' then
      limit = fields[i + 1] ~= '' and fields[i + 1]
    end
  end
  if not data then
    return drop(id, 'there is no such job')
  elseif ended[status] or (strayed and status ~= 'queued') then
    return drop(id, 'it is ' .. (status or 'created'))
  elseif strayed and list ~= QUEUE .. queue and list:sub(1, #TAKEN + #queue + 1) ~= TAKEN .. queue .. ':' then
    return drop(id, 'it has been moved to another queue')
  end
  if queue == '' then
    queue = list:sub(#QUEUE + 1)
    redis.call('HSET', job, 'origin', queue)
  end
  if id:find(':', 1, true) then
    set_aside(id, job, queue, unfit.malformed)
    return drop(id, 'its id is malformed')
  elseif size > unfit.most then
    set_aside(id, job, queue, unfit.large)
    return drop(id, 'it is too large')
  end
  if limit and not was_let_through(limit, id, queue, now) then
    return drop(id, 'its rate limit lets it wait')
  end
  fields[#fields + 1] = queue
  fields[#fields + 1] = id
  jobs[#jobs + 1] = fields
  bytes = bytes + size
  starts[id] = { temporary = temporary, at = #jobs, list = list }
  if limit then
    starts[id].limit = { key = limit, queue = queue, execution = series .. string.format('%08x', #jobs) }
  end
  local entries = wip[queue]
  if not entries then
    entries = {}
    wip[queue] = entries
  end
  entries[#entries + 1] = expiry
  entries[#entries + 1] = id .. ':' .. series .. string.format('%08x', #jobs)
  entries.ids = entries.ids or {}
  table.insert(entries.ids, id)
end

-- RQ 3 gives the slot of a limit away whose job shows no run.
local function show_execution(id, execution)
  redis.pcall('HSET', EXECUTION .. id .. ':' .. execution, 'id', execution, 'job_id', id, 'created_at', score_text(now),
    'last_heartbeat', score_text(now), 'worker_name', worker)
  redis.call('EXPIREAT', EXECUTION .. id .. ':' .. execution, expiry)
  redis.pcall('ZADD', EXECUTIONS .. id, expiry, execution)
  redis.call('EXPIREAT', EXECUTIONS .. id, expiry)
end

local function mark_as_started(id)
  redis.call('HSET', JOB .. id, 'status', 'started', 'started_at', stamp, 'last_heartbeat', stamp,
    'worker_name', worker)
  -- A hash has a time to live by its field, or from an earlier run (W27): RQ and we write
  -- 'started_at' in every run, RQ in every requeue too.
  if starts[id].temporary then
    redis.call('PERSIST', JOB .. id)
  end
  local limit = starts[id].limit
  if limit and not note_start(limit.key, id, limit.execution, limit.queue, now) then
    show_execution(id, limit.execution)
  end
end

local function put_back(id)
  redis.call('LPUSH', starts[id].list, id)
  jobs[starts[id].at] = {}
end

