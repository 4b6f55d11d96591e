--[[
Reads the calls of the first jobs on a queue. Changes nothing.

KEYS[1]    queue (list)
ARGV[1]    number of jobs at most
ARGV[2]    number of bytes that a call may have

Replies: for each job its call, '' if the job is gone or its call is longer
]]
--- @include keys
local reply = {}
for i, id in ipairs(redis.call('LRANGE', KEYS[1], 0, ARGV[1] - 1)) do
  local length = redis.pcall('HSTRLEN', JOB .. id, 'data')
  local short = type(length) == 'number' and length <= tonumber(ARGV[2])
  reply[i] = short and redis.call('HGET', JOB .. id, 'data') or ''
end
return reply
