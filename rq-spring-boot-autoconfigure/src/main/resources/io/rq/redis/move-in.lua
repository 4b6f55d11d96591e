--[[
Takes a job in that was on a queue of another node, with the place it had: to the end of the
queue, or with its score into the same registry. Doing it again changes nothing.

KEYS[1]   queue (list)
ARGV[1]   job id
ARGV[2]   queue name
ARGV[3]   time for people, as it stands in job hashes
ARGV[4]   nonce of the move
ARGV[5]   score in the registry where it was, or '-'
ARGV[6..] what moving has replied

Replies: {1}  it is here, or has been
         {0}  nothing changed: there is another job of that id
]]
--- @include keys
--- @include types
--- @include once
--- @include put
--- @include elsewhere
--- @include groups
--- @include places
--- @include moving
-- For how long nobody that has read the job before may bring it once more, in seconds.
local DAY = 86400
local id, queue, score = ARGV[1], ARGV[2], ARGV[5]
local earlier = earlier_reply(ARGV[4], DAY)
if earlier then
  return earlier
elseif redis.call('HEXISTS', JOB .. id, 'data') == 1 then
  return { 0 }
end
local keys, at = moving_keys(id, ARGV[4]), 6
require_type('list', QUEUE .. queue)

local function write_all(key, stream)
  local left, count = ARGV[at], tonumber(ARGV[at + 1])
  at = at + 2
  for _ = 1, count do
    local first, size = at + 2, tonumber(ARGV[at + 1])
    if stream then
      redis.call('XADD', key, ARGV[at], unpack(ARGV, first, first + size - 1))
    else
      redis.call('HSET', key, unpack(ARGV, first, first + size - 1))
    end
    at = first + size
  end
  if left == '-1' then
    redis.call('PERSIST', key)
  elseif tonumber(left) >= 0 then
    redis.call('PEXPIRE', key, left)
  end
end

redis.call('UNLINK', keys[2][1], keys[3][1])
for i, key in ipairs(keys) do
  write_all(key[1], i > 1)
end
redis.call('HSET', JOB .. id, 'origin', queue)
local stored = redis.call('HMGET', JOB .. id, 'status', 'group_id')
local registry = PLACES[stored[1]]
if stored[1] == 'queued' then
  put_on_queue(id, queue, false, nil, 'enqueued_at', ARGV[3])
elseif registry and score ~= '-' then
  if stored[1] == 'scheduled' then
    schedule(id, queue, tonumber(score))
  else
    redis.call('ZADD', registry .. queue, score, id)
  end
end
if stored[2] then
  join_group(stored[2], queue, id)
end
announce(queue)
remember(ARGV[4], { 1 }, DAY)
return { 1 }
