--[[
Stores what a running job notes about itself, if there still is such a job.

KEYS[1]  job (hash)
ARGV[1]  field
ARGV[2]  value

Replies: 1, or 0 if the job is gone
]]
if redis.call('EXISTS', KEYS[1]) == 0 then
  return 0
end
-- The first write is one that a full Redis does not refuse.
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return 1
