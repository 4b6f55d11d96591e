--[[
Counts the jobs of rate limits, for observers. Changes nothing.

KEYS[1]  names of all limits of a kind (set)
ARGV[1]  number of limits at most

Replies: for each limit {name, number of jobs, milliseconds of its window or 0, jobs that have
         a slot, jobs that wait for one}, each 0 where that cannot be told
]]
--- @include keys
--- @include number
local reply = {}
for i, name in ipairs(redis.call('SRANDMEMBER', KEYS[1], ARGV[1])) do
  local limit = RATE_LIMIT .. name
  local numbers = redis.pcall('HMGET', limit, 'concurrency', 'window')
  local counts = { name, whole_number(numbers[1]) or 0, whole_number(numbers[2]) or 0 }
  for at, part in ipairs({ HOLDERS, SLOTLESS }) do
    local count = redis.pcall('ZCARD', limit .. part)
    counts[at + 3] = type(count) == 'number' and count or 0
  end
  reply[i] = counts
end
return reply
