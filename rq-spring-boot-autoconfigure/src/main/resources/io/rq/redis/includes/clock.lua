-- The time of Redis in seconds with microseconds: the clock of every deadline.
local function redis_time()
  local time = redis.call('TIME')
  return tonumber(time[1]) + tonumber(time[2]) / 1000000
end

-- A score with its fraction; Lua's own conversion would cut it to 14 digits.
local function score_text(seconds)
  return string.format('%.6f', seconds)
end
