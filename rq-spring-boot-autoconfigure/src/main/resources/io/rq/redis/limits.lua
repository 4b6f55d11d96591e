--[[
Counts the jobs of rate limits, for observers. Changes nothing.

KEYS[1]  keys of all rate limits (set)
ARGV[1]  number of limits at most

Replies: for each limit {key, concurrency, jobs that have a slot, jobs that wait for one},
         each 0 where that cannot be told
]]
--- @include keys
--- @include number
local reply = {}
for i, key in ipairs(redis.call('SRANDMEMBER', KEYS[1], ARGV[1])) do
  local limit = RATE_LIMIT .. key
  local counts = { key, whole_number(redis.pcall('HGET', limit, 'concurrency')) or 0 }
  for at, part in ipairs({ HOLDERS, SLOTLESS }) do
    local count = redis.pcall('ZCARD', limit .. part)
    counts[at + 2] = type(count) == 'number' and count or 0
  end
  reply[i] = counts
end
return reply
