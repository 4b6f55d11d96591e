--[[
Tells what the user of the connection may not do. Redis 7 is asked; before it those commands are
tried that change nothing where there is nothing. Changes nothing.

KEYS[1]    never there, so that Redis runs the script whatever keys the user may use
ARGV[1]    a channel
ARGV[2]    how many keys follow that scripts are given
ARGV[3]    how many follow them that scripts make themselves
ARGV[4]    the first, of a job that is not there
ARGV[5..]  the others, then names of commands

Replies: {commands that it may not call, commands that could not be asked for, places of the keys
          that it may not use, counted from 1}
]]
local channel, given, count = ARGV[1], tonumber(ARGV[2]), ARGV[2] + ARGV[3]
local job = ARGV[4]
local READING = { 'EXISTS', 'TYPE', 'TTL' }
-- How many arguments commands may want: newer servers ask after none with too few or too many.
local COUNTS = { 2, 1, 3, 4, 5, 0 }
local HARMLESS = {
  DEL = {}, EXISTS = {}, EXPIRE = { 1 }, GET = {}, HDEL = { job }, HEXISTS = { job },
  HGET = { job }, HGETALL = {}, HLEN = {}, HMGET = { job }, HRANDFIELD = {}, LINDEX = { 0 }, LLEN = {},
  LMOVE = { job, 'LEFT', 'RIGHT' }, LPOP = {}, LPOS = { job }, LRANGE = { 0, 0 }, LREM = { 0, job }, LTRIM = { 0, 0 },
  MGET = {}, PERSIST = {}, PEXPIRE = { 1 }, PTTL = {}, RPOP = {}, SCARD = {}, SET = { job, 'XX' },
  SISMEMBER = { job }, SMEMBERS = {}, SRANDMEMBER = { 1 }, SREM = { job }, TTL = {}, TYPE = {}, UNLINK = {},
  XREVRANGE = { '+', '-', 'COUNT', 1 }, ZADD = { 'XX', 1, job }, ZCARD = {}, ZCOUNT = { 0, 0 }, ZRANGE = { 0, 0 },
  ZRANGEBYSCORE = { 0, 0 }, ZRANK = { job }, ZREM = { job }, ZREVRANGE = { 0, 0 }, ZSCORE = { job },
}

local function refuses(command, ...)
  local reply = redis.pcall(command, ...)
  local reason = type(reply) == 'table' and reply.err or ''
  return reason:find('NOPERM', 1, true) or reason:find('user executing the script', 1, true)
    or reason:find('Unknown Redis command', 1, true)
end

-- Commands that count their keys find none; all others get the key wherever they may want one.
local function may(command, key)
  if not redis.acl_check_cmd then
    return not refuses(command, key)
  elseif command == 'EVAL' or command == 'EVALSHA' then
    return redis.acl_check_cmd(command, key, '0')
  elseif command == 'MEMORY' then
    return redis.acl_check_cmd(command, 'USAGE', key)
  end
  local subject = (command == 'PUBLISH' or command == 'SUBSCRIBE') and channel or key
  local subjects = { subject, subject, subject, subject, subject }
  for _, number in ipairs(COUNTS) do
    local known, allowed = pcall(redis.acl_check_cmd, command, unpack(subjects, 1, number))
    if known then
      return allowed
    end
  end
  return false
end

-- Keys that are given must be free to write, whatever the script does with them.
local function is_usable(key, is_given)
  if is_given and redis.acl_check_cmd then
    return redis.acl_check_cmd('EVAL', '', '1', key)
  end
  for _, command in ipairs(READING) do
    if may(command, key) then
      return true
    end
  end
  return false
end

local usable, forbidden = {}, {}
for i = 1, count do
  local key = ARGV[3 + i]
  local good = is_usable(key, i <= given)
  local list = good and usable or forbidden
  list[#list + 1] = good and key or i
end

local missing, untold = {}, {}
for i = 4 + count, #ARGV do
  local command = ARGV[i]
  if not usable[1] then
    untold[#untold + 1] = command
  elseif redis.acl_check_cmd then
    local allowed = false
    for _, key in ipairs(usable) do
      allowed = allowed or may(command, key)
    end
    missing[#missing + 1] = not allowed and command or nil
  elseif command == 'PUBLISH' then
    missing[#missing + 1] = refuses(command, channel, '') and command or nil
  elseif HARMLESS[command] and usable[1] == job then
    missing[#missing + 1] = refuses(command, job, unpack(HARMLESS[command])) and command or nil
  else
    untold[#untold + 1] = command
  end
end
return { missing, untold, forbidden }
