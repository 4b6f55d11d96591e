--- @include clock
--- @include limits
--- @include refused
-- Entries of ended jobs in registries; all of them are written at once in the end.
local registries = {}

local function register(registry, now, ttl, endless, id)
  local entries = registries[registry]
  if not entries then
    entries = { scores = {} }
    registries[registry] = entries
  end
  local score = entries.scores[ttl]
  if not score then
    score = ttl == '-1' and endless or score_text(now + math.min(ttl, LONGEST))
    entries.scores[ttl] = score
  end
  entries[#entries + 1] = score
  entries[#entries + 1] = id
end

local function write_registries()
  for registry, entries in pairs(registries) do
    if type(redis.pcall('ZADD', registry, unpack(entries))) ~= 'number' then
      refused[registry] = true
    end
  end
end
