-- Returns what was read of a key, or something else where it holds a value of another type.
local function known(answer, otherwise)
  local failure = type(answer) == 'table' and answer.err
  if failure and not failure:find('^WRONGTYPE') then
    error(failure)
  end
  if failure then
    return otherwise
  end
  return answer
end
