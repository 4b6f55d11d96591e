-- Tells whether a key holds a job, by what was read of it: a hash with a call, which may be long
-- and is not read.
local function is_job(key, stored)
  return not stored.err and redis.call('HEXISTS', key, 'data') == 1
end
