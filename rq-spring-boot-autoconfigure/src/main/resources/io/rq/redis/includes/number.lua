--- @include limits
-- The whole number in a hash field, or nil: other programs may have written anything there.
local function whole_number(field)
  local number = tonumber(field)
  if number and number > -1e10 and number < 1e10 then
    return math.floor(number)
  end
end

-- The time to live in a hash field, or nil for none.
local function time_to_live(field)
  local seconds = whole_number(field)
  return seconds and seconds > 0 and math.min(seconds, LONGEST) or nil
end

-- The numbers in a hash field that holds a JSON list, or nil.
local function number_list(field)
  local decoded, list = pcall(cjson.decode, field or '')
  return decoded and type(list) == 'table' and #list > 0 and list or nil
end
