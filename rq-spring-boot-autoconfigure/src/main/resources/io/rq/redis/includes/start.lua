--- @include keys
--- @include refused
--- @include windows
--- @include unfit
--- @include utf8
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
  local temporary, strayed, limit, size, emptied, counts = false, false, false, 0, 0, {}
  for i = 1, #fields, 2 do
    local name = fields[i]
    size = size + #name + #fields[i + 1]
    if name == 'status' then
      status = fields[i + 1]
    elseif name == 'origin' then
      queue = fields[i + 1]
    elseif name == 'data' then
      data = true
    elseif name == 'ttl' then
      temporary = true
    elseif name == 'started_at' or name == 'ended_at' then
      temporary = temporary or name == 'started_at'
      emptied = emptied + (fields[i + 1] == '' and 1 or 0)
    elseif name == 'attempts' or name == 'reclaims' then
      counts[#counts + 1] = i + 1
    elseif name == 'stray_id' then
      strayed = true
    elseif name == 'rate_limit_key' then
      limit = fields[i + 1] ~= '' and fields[i + 1]
    end
  end
  bytes = bytes + size
  if not data then
    return drop(id, 'there is no such job')
  elseif ended[status] or (strayed and status ~= 'queued') then
    return drop(id, 'it is ' .. (status or 'created'))
  elseif strayed and list ~= QUEUE .. queue and list:sub(1, #TAKEN + #queue + 1) ~= TAKEN .. queue .. ':' then
    return drop(id, 'it has been moved to another queue')
  end
  if queue == '' or not is_utf8(queue) then
    queue = list:sub(#QUEUE + 1)
    redis.call('HSET', job, 'origin', queue)
  end
  if id:find(':', 1, true) or not is_utf8(id) then
    set_aside(id, job, queue, unfit.malformed)
    return drop(id, 'its id is malformed')
  elseif size > unfit.most then
    set_aside(id, job, queue, unfit.large)
    return drop(id, 'it is too large')
  end
  if limit and not was_let_through(limit, id, queue, now) then
    return drop(id, 'its rate limit lets it wait')
  end
  -- RQ empties both times when it enqueues an id anew; what is ours it leaves as it was.
  local anew = emptied == 2 and #counts > 0
  for _, at in ipairs(anew and counts or {}) do
    fields[at] = ''
  end
  fields[#fields + 1] = queue
  fields[#fields + 1] = id
  jobs[#jobs + 1] = fields
  starts[id] = { temporary = temporary, at = #jobs, list = list, anew = anew }
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
