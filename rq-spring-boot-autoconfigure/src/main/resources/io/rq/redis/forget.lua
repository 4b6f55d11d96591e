--[[
Takes workers off the record whose registration is gone, of one part of a set of workers.

KEYS[1]  workers (set)
KEYS[2]  all workers (set)
ARGV[1]  cursor to go on from, '0' to begin
ARGV[2]  about how many workers to look at

Replies: {cursor, removed, python}
           cursor to go on from, '0' at the end
           number of workers taken off the record
           1 if a worker of Python was among the others, else 0
]]
local page = redis.call('SSCAN', KEYS[1], ARGV[1], 'COUNT', ARGV[2])
local removed, python = 0, 0
for _, worker in ipairs(page[2]) do
  if redis.call('EXISTS', worker) == 0 then
    redis.call('SREM', KEYS[1], worker)
    redis.call('SREM', KEYS[2], worker)
    removed = removed + 1
  else
    local runtime = redis.pcall('HGET', worker, 'python_version')
    python = type(runtime) == 'string' and runtime:match('^%d') and 1 or python
  end
end
return { page[1], removed, python }
