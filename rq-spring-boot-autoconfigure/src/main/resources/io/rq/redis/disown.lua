--[[
Gives up calls of the claim script whose replies did not come: what they took waits again
at the front of its queues, and those that have not been here yet will take nothing. A job
whose hash names another queue than those has its lease there, and waits until that ends.

KEYS[1]   epoch of the worker's claims (string)
ARGV[1]   epoch of the calls
ARGV[2]   time to live of the epoch in seconds, longer than any request is on its way
ARGV[3]   seconds from now to the earliest end of a lease that the calls may have taken
ARGV[4]   number of queues, then their names, then for each call: first 24 digits of its
  execution ids

Replies: {epoch, jobs} the epoch of calls from now on, the number of jobs put back
]]
--- @include keys
--- @include clock
--- @include unclaim
local epoch = math.max(tonumber(ARGV[1]), tonumber(redis.call('GET', KEYS[1]) or 0)) + 1
-- A full Redis refuses only a first write that needs memory.
redis.call('DEL', KEYS[1])
redis.call('SET', KEYS[1], string.format('%d', epoch), 'EX', ARGV[2])

local queues = tonumber(ARGV[4])
local given_up = {}
for i = 5 + queues, #ARGV do
  given_up[ARGV[i]] = true
end

local earliest = math.floor(redis_time() + tonumber(ARGV[3]))
local count = 0
for i = 5, 4 + queues do
  local found = {}
  for _, member in ipairs(redis.pcall('ZRANGEBYSCORE', WIP .. ARGV[i], earliest, '+inf')) do
    local id, execution = member:match('^([^:]*):(.*)$')
    if id and given_up[execution:sub(1, 24)] then
      found[#found + 1] = { id, execution }
    end
  end
  table.sort(found, function(a, b) return a[2] > b[2] end)
  for _, run in ipairs(found) do
    if unclaim(run[1], ARGV[i], run[2]) then
      count = count + 1
    end
  end
end
return { epoch, count }
