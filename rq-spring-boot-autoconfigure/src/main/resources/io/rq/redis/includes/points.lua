--- @include keys
-- The history of a queue, or of a function on it, is a row of points, one for each minute or
-- hour. So many of them are in one hash, each under its place there. A point is a row of numbers:
-- each twice itself, and for so many that are 0 once twice that and 1, 7 bits a byte. It is in two
-- parts, because Redis keeps a hash compact while no value is long.
local PARTS = { '', '+' }
local IN_ONE_HASH = 120
local SECONDS = { m = 60, h = 3600 }

local function points_key(unit, block, queue, name)
  local start = unit .. string.format('%.0f', block) .. ':' .. queue
  return name == '' and HISTORY .. start or HISTORY_OF_FUNCTION .. start .. ':' .. name
end
