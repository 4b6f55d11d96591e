-- Since when a worker has given signs of life without a break, or nil: none was longer ago
-- than it takes for others' leases to run out while Redis is away.
local function beating_since(worker, now, longest_gap)
  local beats = redis.pcall('HMGET', worker, 'beat_at', 'beating_since')
  local last, since = tonumber(beats[1] or nil), tonumber(beats[2] or nil)
  if last and since and last <= now and now - last <= longest_gap then
    return since
  end
end
