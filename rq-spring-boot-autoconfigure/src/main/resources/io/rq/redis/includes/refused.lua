-- Keys that hold a value of another type, found in a call that does the rest all the same.
local refused = {}

-- Tells whether the user may not do what it was refused: the texts are those before Redis 7.2 and
-- since.
local function is_denied(message)
  return message:find('user executing the script', 1, true) or message:find('ACL failure in script', 1, true)
end

-- Returns the reply of a call for a key, or nothing, with the key noted, where that is not one
-- to work with. Any other error is not the key's: a Redis that is a replica, whose disk is full
-- or that misses its replicas takes no write, which it says to the first one of a script. It is
-- raised, unless an error would lose what has been done.
local function accepted(key, reply, is_late)
  local message = type(reply) == 'table' and reply.err
  if not message then
    return reply
  elseif not is_late and not is_denied(message) and not message:find('^WRONGTYPE ') then
    error(message, 0)
  end
  refused[key] = true
end

local function refused_keys()
  local keys = {}
  for key in pairs(refused) do
    keys[#keys + 1] = key
  end
  return keys
end
