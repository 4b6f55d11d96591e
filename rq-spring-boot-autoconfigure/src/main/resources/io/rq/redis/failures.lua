--[[
Reads what jobs have failed with last, as far as it fits into one reply: the call ends early
where it is long, and goes on with the rest at the next. Changes nothing.

KEYS[1..]    results of jobs (streams)

Replies: for each job, from the first on: the encoded stack trace of its last outcome, '' if
         that has none
]]
local MOST = 4 * 1024 * 1024
local reply, size = {}, 0
for i, results in ipairs(KEYS) do
  local entries = redis.pcall('XREVRANGE', results, '+', '-', 'COUNT', 1)
  reply[i] = ''
  local fields = not entries.err and entries[1] and entries[1][2] or {}
  for at = 1, #fields, 2 do
    if fields[at] == 'exc_string' then
      reply[i] = fields[at + 1]
    end
  end
  size = size + #reply[i]
  if size >= MOST then
    break
  end
end
return reply
