--[[
Tells which commands the user of the connection may not call. Redis 7 is asked; before it those
commands are tried that change nothing where there is nothing. Changes nothing.

KEYS[1]    key of a job that is not there
ARGV[1]    a channel
ARGV[2..]  names of commands

Replies: {commands that it may not call, commands that could not be asked for}
]]
local key, channel = KEYS[1], ARGV[1]
local HARMLESS = {
  DEL = {}, EXISTS = {}, EXPIRE = { 1 }, GET = {}, HDEL = { key }, HEXISTS = { key },
  HGET = { key }, HGETALL = {}, HLEN = {}, HMGET = { key }, LINDEX = { 0 }, LLEN = {},
  LMOVE = { key, 'LEFT', 'RIGHT' }, LPOP = {}, LPOS = { key }, LRANGE = { 0, 0 }, LREM = { 0, key }, LTRIM = { 0, 0 },
  MGET = {}, PERSIST = {}, PEXPIRE = { 1 }, PTTL = {}, RPOP = {}, SCARD = {}, SET = { key, 'XX' },
  SISMEMBER = { key }, SMEMBERS = {}, SRANDMEMBER = { 1 }, SREM = { key }, TTL = {}, TYPE = {}, UNLINK = {},
  XREVRANGE = { '+', '-', 'COUNT', 1 }, ZADD = { 'XX', 1, key }, ZCARD = {}, ZCOUNT = { 0, 0 }, ZRANGE = { 0, 0 },
  ZRANGEBYSCORE = { 0, 0 }, ZRANK = { key }, ZREM = { key }, ZREVRANGE = { 0, 0 }, ZSCORE = { key },
}

-- Commands that count their keys find none; all others get a key wherever they may want one.
local function is_allowed(command)
  if command == 'EVAL' or command == 'EVALSHA' then
    return redis.acl_check_cmd(command, key, '0')
  end
  local subject = (command == 'PUBLISH' or command == 'SUBSCRIBE') and channel or key
  return redis.acl_check_cmd(command, subject, subject)
end

local function is_refused(command)
  local reply
  if command == 'PUBLISH' then
    reply = redis.pcall(command, channel, '')
  else
    reply = redis.pcall(command, key, unpack(HARMLESS[command]))
  end
  local reason = type(reply) == 'table' and reply.err or ''
  return reason:find('NOPERM', 1, true) or reason:find('user executing the script', 1, true)
    or reason:find('Unknown Redis command', 1, true)
end

local missing, untold = {}, {}
for i = 2, #ARGV do
  local command = ARGV[i]
  if redis.acl_check_cmd then
    local known, allowed = pcall(is_allowed, command)
    missing[#missing + 1] = not (known and allowed) and command or nil
  elseif HARMLESS[command] or command == 'PUBLISH' then
    missing[#missing + 1] = is_refused(command) and command or nil
  else
    untold[#untold + 1] = command
  end
end
return { missing, untold }
