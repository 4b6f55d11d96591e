--[[
Gives up calls of the claim script whose replies did not come: what they took waits again
at the front of its queues, and those that have not been here yet will take nothing. Only
the last call that took jobs can be one of them, for no other follows before this.

KEYS[1]   epoch of the worker's claims (string)
KEYS[2]   what the worker took last (string)
ARGV[1]   epoch of the calls
ARGV[2]   time to live of the epoch in seconds, longer than any request is on its way
ARGV[3..] for each call: first 24 digits of its execution ids

Replies: {epoch, jobs} the epoch of calls from now on, the number of jobs put back
]]
--- @include keys
--- @include unclaim
local epoch = math.max(tonumber(ARGV[1]), tonumber(redis.call('GET', KEYS[1]) or 0)) + 1
-- A full Redis refuses only a first write that needs memory.
redis.call('DEL', KEYS[1])
redis.call('SET', KEYS[1], string.format('%d', epoch), 'EX', ARGV[2])

local given_up = {}
for i = 3, #ARGV do
  given_up[ARGV[i]] = true
end

local taken = redis.pcall('GET', KEYS[2])
local count = 0
for queue, members in pairs(type(taken) == 'string' and cjson.decode(taken) or {}) do
  for i = #members, 1, -1 do
    local id, execution = members[i]:match('^([^:]*):(.*)$')
    if given_up[execution:sub(1, 24)] and unclaim(id, queue, execution, '') then
      count = count + 1
    end
  end
end
return { epoch, count }
