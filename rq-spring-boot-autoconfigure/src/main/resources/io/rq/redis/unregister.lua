--[[
Takes a worker off the record (protocol 12.1). What it took from the queues but never
claimed must have been put back before.

KEYS[1]      worker (hash)
KEYS[2]      all workers (set)
KEYS[3..]    for each queue: its workers (set), the workers that may take ids from it (set)
ARGV[1]      worker name
ARGV[2]      time for people, as it stands in worker hashes

Replies: 1
]]
redis.call('SREM', KEYS[2], KEYS[1])
for i = 3, #KEYS, 2 do
  redis.call('SREM', KEYS[i], KEYS[1])
  redis.call('SREM', KEYS[i + 1], ARGV[1])
end
if redis.call('EXISTS', KEYS[1]) == 1 then
  redis.call('HSET', KEYS[1], 'death', ARGV[2])
  redis.call('EXPIRE', KEYS[1], 60)
end
return 1
