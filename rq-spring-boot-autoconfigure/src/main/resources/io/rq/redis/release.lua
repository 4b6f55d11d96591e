--[[
Gives back jobs that were claimed but have not begun to run: they wait again at the front
of their queues, in their old order, as if they had not been taken.

ARGV[1]  number of executions, then for each: job id, queue name, execution id

Replies: {i, ...} positions of executions whose lease was lost
]]
--- @include keys
--- @include limits
--- @include number
--- @include execution
local lost = {}
for i = tonumber(ARGV[1]), 1, -1 do
  local at = 3 * i - 1
  local id, queue, execution = ARGV[at], ARGV[at + 1], ARGV[at + 2]
  local job = JOB .. id
  if redis.call('ZREM', PREFIX .. 'wip:' .. queue, id .. ':' .. execution) == 0 then
    lost[#lost + 1] = i
    forget_execution(id, execution)
  else
    forget_execution(id, execution)
    local stored = redis.pcall('HMGET', job, 'status', 'ttl')
    if stored[1] == 'started' then
      redis.call('HSET', job, 'status', 'queued')
      redis.call('HDEL', job, 'started_at', 'last_heartbeat', 'worker_name')
      local ttl = time_to_live(stored[2])
      if ttl then
        redis.call('EXPIRE', job, ttl)
      end
      redis.call('LPUSH', QUEUE .. queue, id)
    end
  end
end
return lost
