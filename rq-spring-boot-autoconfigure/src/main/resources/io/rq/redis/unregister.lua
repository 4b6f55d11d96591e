--[[
Takes a worker off the record (protocol 12.1). It stays among those that may have taken ids
until its hash is gone: a wait that was just being ended can still take one.

KEYS[1]      worker (hash)
KEYS[2]      all workers (set)
KEYS[3..]    for each queue: its workers (set)
ARGV[1]      time for people, as it stands in worker hashes

Replies: 1
]]
--- @include keys
redis.call('SREM', KEYS[2], KEYS[1])
redis.call('DEL', KEYS[1] .. WORKER_RUNS)
for i = 3, #KEYS do
  redis.call('SREM', KEYS[i], KEYS[1])
end
if redis.call('EXISTS', KEYS[1]) == 1 then
  redis.call('HSET', KEYS[1], 'death', ARGV[1])
  redis.call('EXPIRE', KEYS[1], 60)
end
return 1
