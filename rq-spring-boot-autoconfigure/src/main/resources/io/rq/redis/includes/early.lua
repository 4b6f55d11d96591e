--- @include keys
--- @include clock
local ended = { finished = true, failed = true, stopped = true, canceled = true }
local unready, settled = {}, {}

-- Tells whether the job of an entry may be about to be scheduled: RQ writes the entry before
-- the job has the status (W1).
local function is_early(id, status, since, now)
  if not ended[status] then
    return status == 'started'
  end
  unready[#unready + 1] = not since and id or nil
  return not since or now - (tonumber(since) or 0) < 2
end

-- Notes since when those have been seen, and forgets it of others.
local function note_early(now)
  for _, id in ipairs(settled) do
    redis.call('HDEL', JOB .. id, 'unready_since')
  end
  for _, id in ipairs(unready) do
    redis.pcall('HSET', JOB .. id, 'unready_since', score_text(now))
  end
end
