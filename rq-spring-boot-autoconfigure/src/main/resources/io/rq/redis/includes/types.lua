-- Refuses, before anything has been written, keys that hold a value of another type.
local function require_type(kind, ...)
  for _, key in ipairs({ ... }) do
    local found = redis.call('TYPE', key).ok
    if found ~= 'none' and found ~= kind then
      error("WRONGTYPE key '" .. key .. "' holds a " .. found .. ' instead of a ' .. kind)
    end
  end
end
