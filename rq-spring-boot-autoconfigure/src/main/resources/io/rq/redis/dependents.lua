--[[
Goes on with jobs that wait for others where an earlier call had to leave off, because
there were too many of them for one, or a key did not take them.

KEYS[1]  what has been left (hash: parent, or ':' and child, to how to go on: what became of
         the parent or 'child', a cursor, the run of the server that the cursor is of, and the
         parent of the child that has ended); beside it the children that a key did not take
         (hash: child to when it was created, by which another job of its id is told)
ARGV[1]  queue name
ARGV[2]  time for people, as it stands in job hashes

Replies: {left, {key, ...}}
           number of entries that are left, 0 if none but children of which those that were
           looked at still wait for a key
           keys that hold a value of another type
]]
--- @include keys
--- @include dependents
local STUCK_AT_ONCE = 100

-- Looks at some of the children that a key did not take. Returns how many are left, if not all
-- of these have stayed.
local function release_stuck()
  local stuck = KEYS[1] .. STUCK
  local before = redis.call('HLEN', stuck)
  local some = redis.call('HRANDFIELD', stuck, STUCK_AT_ONCE, 'WITHVALUES')
  for i = 1, #some, 2 do
    local child = some[i]
    redis.call('HDEL', stuck, child)
    if (redis.pcall('HGET', JOB .. child, 'created_at') or '') == some[i + 1] then
      release_child(child, ARGV[1], nil, false, ARGV[2])
    end
  end
  local after = redis.call('HLEN', stuck)
  return after < before and after or 0
end

local left = redis.call('HRANDFIELD', KEYS[1], 10, 'WITHVALUES')
for i = 1, #left, 2 do
  if seen >= MAX_SEEN then
    break
  end
  local subject = left[i]
  local kind, cursor, begun, parent = left[i + 1]:match('^(%l+) (%d+) ?(%x*) ?(.*)$')
  cursor = cursor ~= '0' and begun == server_run() and cursor or '0'
  redis.call('HDEL', KEYS[1], subject)
  if kind == 'child' then
    release_child(subject:sub(2), ARGV[1], parent ~= '' and parent or nil, false, ARGV[2], cursor)
  elseif kind and release_dependents(subject, ARGV[1], kind == 'failed', ARGV[2], cursor) then
    local lifetime = redis.call('TTL', JOB .. subject)
    if lifetime == -2 then
      redis.call('UNLINK', JOB .. subject .. DEPENDENTS)
    elseif lifetime >= 0 then
      redis.call('EXPIRE', JOB .. subject .. DEPENDENTS, lifetime)
    end
  end
end
local count = redis.call('HLEN', KEYS[1])
return { count > 0 and count or release_stuck(), refused_keys() }
