--- @include refused
--- @include through
local waiting = {}

-- Notes a job whose way is barred by a key of another type.
local function wait_for_key(id, key, refusal)
  accepted(key, refusal, true)
  waiting[#waiting + 1] = id
end

-- Tells whether a key of its limit bars a job's way.
local function is_barred(id, limit)
  local refusal, key = limit_refusal(limit)
  if refusal then
    wait_for_key(id, key, refusal)
  end
  return refusal
end

-- Has those looked at again when that time has come, in their order, so that they keep no
-- others from going.
local function look_again(registry, at)
  for i, id in ipairs(waiting) do
    redis.call('ZADD', registry, score_text(at + i / 1000000), id)
  end
end
