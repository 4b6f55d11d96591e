--[[
Tells how jobs stand whose results somebody waits for. Changes nothing.

KEYS[1]   first job (hash)
ARGV[1]   1 to tell of jobs that have not ended too, else 0
ARGV[2..] job ids

Replies: for each job that is told of
           its place among the ids, from 0
           its status, '' if there is no such job (any more)
           the id of its newest result, '' if it has none, '!' if their key holds a value of
           another type
]]
--- @include keys
--- @include present
--- @include refused
local ENDED = { [''] = true, finished = true, failed = true, stopped = true, canceled = true }

local reply = {}
for i = 2, #ARGV do
  local stored = redis.pcall('HMGET', JOB .. ARGV[i], 'status')
  local status = is_job(JOB .. ARGV[i], stored) and (stored[1] or 'created') or ''
  if ARGV[1] == '1' or ENDED[status] then
    local entries = redis.pcall('XREVRANGE', RESULTS .. ARGV[i], '+', '-', 'COUNT', 1)
    if is_denied(entries.err or '') then
      return entries
    end
    reply[#reply + 1] = tostring(i - 2)
    reply[#reply + 1] = status
    reply[#reply + 1] = entries.err and '!' or entries[1] and entries[1][1] or ''
  end
end
return reply
