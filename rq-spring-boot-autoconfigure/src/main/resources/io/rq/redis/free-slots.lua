--[[
Frees slots of rate limits whose jobs are gone or do not go on with them (protocol 11.5), in
one part of their holders, gives free ones to jobs that wait, and forgets limits without jobs
whose bucket is full, if they are one.

KEYS[1]   keys of rate limits (set)
ARGV[1]   cursor to go on from among the holders of the first limit, '0' to begin
ARGV[2]   about how many jobs to look at
ARGV[3]   time for people, as it stands in job hashes
ARGV[4..] names of the limits

Replies: {done, cursor, {key, ...}}
           number of limits that have been looked at
           where to go on with the next one, '0' to begin
           keys that hold a value of another type, whose limits are left alone
]]
--- @include slots
--- @include refused
-- The first write is one that a full Redis does not refuse.
redis.call('SREM', KEYS[1], '')

local function can_be_read(limit)
  for key, command in pairs({ [limit] = 'HLEN', [limit .. HOLDERS] = 'ZCARD', [limit .. SLOTLESS] = 'ZCARD' }) do
    if type(redis.pcall(command, key)) ~= 'number' then
      refused[key] = true
      return false
    end
  end
  return true
end

local function free(name, id)
  local holders = RATE_LIMIT .. name .. HOLDERS
  local start = is_window(name) and id:find(':', 1, true)
  if not start and not keeps_slot(id) then
    redis.call('ZREM', holders, id)
  elseif not start and is_by_time(name) and redis.pcall('HGET', JOB .. id, 'status') ~= 'queued' then
    -- Somebody who does not know limits has started it.
    redis.call('ZREM', holders, id)
    if is_window(name) then
      redis.call('ZADD', holders, score_text(redis_time()), id .. ':')
    else
      spend(name, redis_time())
    end
  end
end

local cursor, seen, done = ARGV[1], 0, 0
for i = 4, #ARGV do
  local name = ARGV[i]
  local page = { '0', {} }
  if can_be_read(RATE_LIMIT .. name) then
    page = redis.call('ZSCAN', RATE_LIMIT .. name .. HOLDERS, cursor, 'COUNT', ARGV[2])
    for at = 1, #page[2], 2 do
      free(name, page[2][at])
    end
    seen = seen + #page[2] / 2 + fill_slots(name, ARGV[3])
    forget_limit(name)
  end
  cursor = page[1]
  done = done + (cursor == '0' and 1 or 0)
  if cursor ~= '0' or seen >= tonumber(ARGV[2]) then
    break
  end
end
return { done, cursor, refused_keys() }
