--[[
Goes on with jobs that wait for others where an earlier call had to leave off, because
there were too many of them for one, or a key did not take them.

KEYS[1]  what has been left (hash: parent, or ':' and child, to how to go on: what became of
         the parent or 'child', a cursor, and the run of the server that the cursor is of)
ARGV[1]  queue name
ARGV[2]  time for people, as it stands in job hashes

Replies: {left, {key, ...}}
           number of entries that are left, 0 if all that were looked at wait for a key
           keys that hold a value of another type
]]
--- @include keys
--- @include dependents
local left = redis.call('HRANDFIELD', KEYS[1], 10, 'WITHVALUES')
local looked = 0
for i = 1, #left, 2 do
  if seen >= MAX_SEEN then
    break
  end
  looked = looked + 1
  local subject = left[i]
  local kind, cursor, begun = left[i + 1]:match('^(%l+) (%d+) ?(%x*)$')
  cursor = cursor ~= '0' and begun == server_run() and cursor or '0'
  redis.call('HDEL', KEYS[1], subject)
  if kind == 'child' then
    release_child(subject:sub(2), ARGV[1], nil, false, ARGV[2], cursor)
  elseif kind and release_dependents(subject, ARGV[1], kind == 'failed', ARGV[2], cursor) then
    local lifetime = redis.call('TTL', JOB .. subject)
    if lifetime == -2 then
      redis.call('UNLINK', JOB .. subject .. DEPENDENTS)
    elseif lifetime >= 0 then
      redis.call('EXPIRE', JOB .. subject .. DEPENDENTS, lifetime)
    end
  end
end
return { stuck < looked and redis.call('HLEN', KEYS[1]) or 0, refused_keys() }
