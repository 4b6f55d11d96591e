--[[
Counts the jobs of rate limits, for observers. Changes nothing.

KEYS[1]  names of all limits of a kind (set)
ARGV[1]  number of limits at most

Replies: for each limit {name, number of jobs, milliseconds of its window or 0, size of its
         bucket or 0, jobs that have a slot or places taken from the bucket, jobs that wait for
         one}, each 0 where that cannot be told
]]
--- @include keys
--- @include number
--- @include buckets
local reply = {}
for i, name in ipairs(redis.call('SRANDMEMBER', KEYS[1], ARGV[1])) do
  local limit = RATE_LIMIT .. name
  local numbers = redis.pcall('HMGET', limit, 'concurrency', 'window', 'burst')
  local counts = { name }
  for at = 1, 3 do
    counts[at + 1] = whole_number(numbers[at]) or 0
  end
  for at, part in ipairs({ HOLDERS, SLOTLESS }) do
    local count = redis.pcall('ZCARD', limit .. part)
    counts[at + 4] = type(count) == 'number' and count or 0
  end
  if is_bucket(name) then
    counts[5] = counts[4] - math.floor(in_bucket(name, redis_time()) or 0) + counts[5]
  end
  reply[i] = counts
end
return reply
