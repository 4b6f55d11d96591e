--[[
Lets a job that lies on another node wait for one of this queue, or tells it that this one
has ended already. Doing it again changes nothing.

KEYS[1]  queue of the job that is waited for (list)
ARGV[1]  queue name
ARGV[2]  job id
ARGV[3]  queue of the job that waits
ARGV[4]  its id

Replies: 1 if the job waits, 0 if there is nothing to wait for
]]
--- @include keys
--- @include elsewhere
local parent = JOB .. ARGV[2]
local status = redis.pcall('HGET', parent, 'status')
local ended = not status or status == 'finished'
if not ended then
  redis.call('SADD', parent .. DEPENDENTS, ARGV[3] .. ':' .. ARGV[4])
end
if ended or status == 'failed' then
  deliver('parent', ARGV[3], ARGV[4], ARGV[1] .. ':' .. ARGV[2], ended and 0 or 1)
end
return ended and 0 or 1
