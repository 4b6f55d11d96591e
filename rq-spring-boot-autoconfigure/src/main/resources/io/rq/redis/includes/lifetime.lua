--- @include limits
-- Applies protocol 3.4 to keys: a time to live, given as text, or '-1' for none.
local function set_lifetime(seconds, key, ...)
  if seconds == '-1' then
    redis.call('PERSIST', key)
  else
    redis.call('EXPIRE', key, math.min(seconds, LONGEST))
  end
  if ... then
    set_lifetime(seconds, ...)
  end
end
