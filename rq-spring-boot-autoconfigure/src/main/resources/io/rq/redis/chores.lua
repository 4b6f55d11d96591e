--[[
Tells what maintenance has to do, in one call for all queues, so that it costs little where
there is nothing. Changes nothing. What cannot be read is left to the script whose task it
is, and so are sets of very many workers.

KEYS[1]  all workers (set)
KEYS     for each queue: workers that may have taken ids from it, its workers (sets), wip,
         finished, failed, canceled (sorted sets), what was left of dependents (hash),
         jobs that are ready to be enqueued (sorted set)
ARGV[1]  seconds of grace after a lease has run out
ARGV[2]  seconds for which cancelled jobs are kept, -1 for ever
ARGV[3]  seconds for which RQ is left to enqueue jobs that are ready
ARGV[4..] if ended jobs have bounds, for each of finished, failed, canceled: number of jobs, age
         in seconds, number of bytes; each '' for any

Replies: for each queue {chore, ...} of: reclaim, restore, dependents, ready, expire, forget,
         trim, free_slots, ungroup; the last two concern all queues
]]
--- @include keys
--- @include clock
local MANY = 100
local now = redis_time()
local reply = {}

-- The members of a small set, or nil.
local function members(set)
  local size = redis.pcall('SCARD', set)
  return type(size) == 'number' and size <= MANY and redis.call('SMEMBERS', set) or nil
end

local function lacks_one(prefix, names)
  for i, name in ipairs(names) do
    names[i] = prefix .. name
  end
  return #names > 0 and redis.call('EXISTS', unpack(names)) < #names
end

-- Workers of Python are looked at each time, to be told of.
local function is_to_be_forgotten(worker)
  local runtime = redis.pcall('HGET', worker, 'python_version')
  return type(runtime) ~= 'string' or runtime:match('^%d')
end

local function has_workers_to_forget(set)
  local workers = members(set)
  for _, worker in ipairs(workers or {}) do
    if is_to_be_forgotten(worker) then
      return true
    end
  end
  return not workers
end

local function has_any(registry, from, to)
  return redis.pcall('ZCOUNT', registry, from, to) ~= 0
end

-- Tells whether a registry may go beyond its bounds. What jobs need is not told here.
local function exceeds(registry, i)
  local size = redis.pcall('ZCARD', registry)
  if type(size) ~= 'number' or size == 0 then
    return false
  end
  return (ARGV[i] ~= '' and size > tonumber(ARGV[i])) or ARGV[i + 2] ~= ''
    or (ARGV[i + 1] ~= '' and (has_any(registry, '(' .. score_text(now + ARGV[i + 1]), '+inf')
      or has_any(registry, -1, -1)))
end

local all = members(KEYS[1])
local stale = not all or lacks_one('', all)
for at = 2, #KEYS, 8 do
  local chores = {}
  local function add(chore, due)
    chores[#chores + 1] = due and chore or nil
  end
  local takers = members(KEYS[at])
  add('reclaim', has_any(KEYS[at + 2], '-inf', score_text(now - tonumber(ARGV[1]))))
  add('restore', not takers or lacks_one(WORKER, takers))
  add('dependents', redis.call('EXISTS', KEYS[at + 6]) == 1)
  add('ready', has_any(KEYS[at + 7], '-inf', score_text(now - ARGV[3])))
  add('expire', has_any(KEYS[at + 3], 0, math.floor(now)) or has_any(KEYS[at + 4], 0, math.floor(now))
    or (tonumber(ARGV[2]) >= 0 and has_any(KEYS[at + 5], 0, math.floor(now) - ARGV[2])))
  add('trim', #ARGV > 3 and (exceeds(KEYS[at + 3], 4) or exceeds(KEYS[at + 4], 7) or exceeds(KEYS[at + 5], 10)))
  add('free_slots', at == 2 and redis.call('EXISTS', RATE_LIMITS, RATE_WINDOWS) > 0)
  add('ungroup', ONE_NODE and at == 2 and redis.call('EXISTS', GROUPS) == 1)
  add('forget', (at == 2 and stale) or has_workers_to_forget(KEYS[at + 1]))
  reply[#reply + 1] = chores
end
return reply
