--- @include keys
--- @include elsewhere
-- Membership in a group (protocol 11.1), whose keys all queues share. Never is there a job
-- with the name of a group and no set of that group (W22).
local function join_group(group, queue, id)
  if ONE_NODE then
    redis.call('SADD', GROUP .. group, id)
    redis.call('SADD', GROUPS, group)
  else
    deliver('joined', queue .. ':' .. id, group)
  end
end

local function leave_group(group, queue, id)
  if ONE_NODE then
    redis.pcall('SREM', GROUP .. group, id)
  else
    deliver('left', queue .. ':' .. id, group)
  end
end
