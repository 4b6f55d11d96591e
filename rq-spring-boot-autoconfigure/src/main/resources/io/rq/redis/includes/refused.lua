-- Keys that hold a value of another type, found in a call that does the rest all the same.
local refused = {}

local function refused_keys()
  local keys = {}
  for key in pairs(refused) do
    keys[#keys + 1] = key
  end
  return keys
end
