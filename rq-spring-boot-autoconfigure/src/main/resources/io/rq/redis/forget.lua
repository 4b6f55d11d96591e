--[[
Takes workers off the record whose registration is gone, of one part of a set of workers.

KEYS[1]  workers (set)
KEYS[2]  all workers (set)
ARGV[1]  cursor to go on from, '0' to begin
ARGV[2]  about how many workers to look at

Replies: {cursor}  cursor to go on from, '0' at the end
]]
local page = redis.call('SSCAN', KEYS[1], ARGV[1], 'COUNT', ARGV[2])
for _, worker in ipairs(page[2]) do
  if redis.call('EXISTS', worker) == 0 then
    redis.call('SREM', KEYS[1], worker)
    redis.call('SREM', KEYS[2], worker)
  end
end
return { page[1] }
