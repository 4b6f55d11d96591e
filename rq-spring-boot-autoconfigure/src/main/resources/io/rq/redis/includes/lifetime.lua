-- Applies protocol 3.4 to keys: a positive time to live is set, a negative one removed.
local function set_lifetime(seconds, ...)
  for _, key in ipairs({...}) do
    if seconds > 0 then
      redis.call('EXPIRE', key, seconds)
    else
      redis.call('PERSIST', key)
    end
  end
end
