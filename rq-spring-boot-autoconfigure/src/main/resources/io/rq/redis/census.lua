--[[
Counts what is in queues and their registries, for observers. Changes nothing.

KEYS         for each queue: its list, its scheduler lock, then its registries:
             wip, scheduled, deferred, finished, failed, canceled, ready

Replies: for each queue: queued, wip, scheduled, deferred, finished, failed, canceled, ready,
         when the first waiting job was put on the queue or '', holder of the lock or '',
         due time of the next scheduled job or '', and since when and why the queue is paused,
         if it is; after the last queue the time of Redis. A key that holds a value of another type
         counts as empty: it says nothing of the other queues
]]
--- @include keys
--- @include clock
--- @include paused
--- @include known
local reply = {}
local pauses = read_pauses(redis.pcall('GET', PAUSED_QUEUES))
for at = 1, #KEYS, 9 do
  local first = known(redis.pcall('LINDEX', KEYS[at], 0))
  local since = first and redis.pcall('HGET', JOB .. first, 'enqueued_at')
  local next = known(redis.pcall('ZRANGE', KEYS[at + 3], 0, 0, 'WITHSCORES'), {})
  local counts = { known(redis.pcall('LLEN', KEYS[at]), 0) }
  for i = 2, 8 do
    counts[i] = known(redis.pcall('ZCARD', KEYS[at + i]), 0)
  end
  counts[9] = type(since) == 'string' and since or ''
  counts[10] = known(redis.pcall('GET', KEYS[at + 1])) or ''
  counts[11] = next[2] or ''
  local pause = pauses[KEYS[at]:sub(#QUEUE + 1)]
  if pause then
    counts[12] = type(pause) == 'table' and tostring(pause[1] or '') or ''
    counts[13] = type(pause) == 'table' and tostring(pause[2] or '') or ''
  end
  reply[#reply + 1] = counts
end
reply[#reply + 1] = score_text(redis_time())
return reply
