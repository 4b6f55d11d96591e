--[[
Reads the recorded outcomes of a job for people, who see no more of the values than that of the
newest: however long these are, they stay in Redis. What comes after much has been looked at is
left out. Changes nothing.

KEYS[1..]    results and attempts of the job (streams)
ARGV[1]      how many entries of each at most
ARGV[2]      how many bytes a field may have

Replies: for each stream: {{id, field, value, ...}, ...}, the newest first; false stands for a value
         that is too long
]]
local MOST = 16 * 1024 * 1024
local most, longest = tonumber(ARGV[1]), tonumber(ARGV[2])

-- One after the other: Redis copies whole entries, and values of many would be too much.
local function newest(stream)
  local found, read, from = {}, 0, '+'
  while #found < most and read < MOST do
    local entry = redis.call('XREVRANGE', stream, from, '-', 'COUNT', 1)[1]
    if not entry then
      break
    end
    local shown, fields = { entry[1] }, entry[2]
    for at = 1, #fields, 2 do
      local name, value = fields[at], fields[at + 1]
      read = read + #value
      if name ~= 'return_value' or not found[1] then
        shown[#shown + 1] = name
        shown[#shown + 1] = #value <= longest and value
      end
    end
    found[#found + 1] = shown
    from = '(' .. entry[1]
  end
  return found
end

local reply = {}
for i, stream in ipairs(KEYS) do
  reply[i] = newest(stream)
end
return reply
