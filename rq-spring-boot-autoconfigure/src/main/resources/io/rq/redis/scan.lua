--[[
Reads a part of a set, however large it is. Changes nothing.

KEYS[1]  set
ARGV[1]  cursor to go on from, 0 at the beginning
ARGV[2]  about how many members

Replies: {cursor, {member, ...}}  the cursor is 0 at the end
]]
return redis.call('SSCAN', KEYS[1], ARGV[1], 'COUNT', ARGV[2])
