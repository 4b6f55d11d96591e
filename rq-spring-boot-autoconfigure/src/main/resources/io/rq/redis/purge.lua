--[[
Drops jobs that were cancelled long ago, with all that is theirs: RQ keeps them for ever
(W19). One that has become something else since only leaves the registry.

KEYS[1]  cancelled jobs of the queue (sorted set, by the time they were cancelled)
ARGV[1]  seconds for which they are kept
ARGV[2]  number of jobs at most

Replies: number of jobs looked at
]]
--- @include outdated
local latest = redis.call('TIME')[1] - ARGV[1]
local ids = redis.call('ZRANGEBYSCORE', KEYS[1], 0, latest, 'LIMIT', 0, ARGV[2])
for _, id in ipairs(ids) do
  drop_ended(KEYS[1], id, 'canceled')
end
return #ids
