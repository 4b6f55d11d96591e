-- The queues that are paused, by their names: since when and why. What cannot be read is
-- nobody's pause.
local function read_pauses(text)
  local decoded, pauses = pcall(cjson.decode, text or '{}')
  return decoded and type(pauses) == 'table' and pauses or {}
end
