--[[
Ends the wait of a process for results, because it has more to wait for.

KEYS[1]  the process's own entry among what it waits for (stream)
ARGV[1]  for how many seconds the entry is kept

Replies: {}
]]
-- The first write is one that a full Redis does not refuse.
redis.call('EXPIRE', KEYS[1], ARGV[1])
redis.call('XADD', KEYS[1], 'MAXLEN', 1, '*', '1', '1')
redis.call('EXPIRE', KEYS[1], ARGV[1])
return {}
