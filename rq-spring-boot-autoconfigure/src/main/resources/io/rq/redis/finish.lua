--[[
Records how executions ended: success, or failure for good. Whatever lease was lost in the
meantime changes nothing.

KEYS[1]      worker (hash)
ARGV[1..8]   prefixes
ARGV[9]      worker name
ARGV[10]     time for people, as it stands in job hashes
ARGV[11]     number of executions, then for each:
  job id, queue name, execution id,
  result type: 1 success, 2 failure, 5 failure because no returned retry was left,
  time to live of job and result in seconds, -1 for ever, 0 to drop a success at once,
  start and end in seconds since the epoch, end as it stands in job hashes,
  encoded return value or '', encoded stack trace or ''

Replies: {i, ...} positions of executions whose lease was lost
]]
--- @include prefixes
--- @include clock
--- @include lifetime
--- @include dependents
local prefixes = read_prefixes()
local count = tonumber(ARGV[11])
local lost = {}
local succeeded, failed, worked = 0, 0, 0
local now = math.floor(redis_time())
local registries = {}

local function register(registry, score, id)
  local entries = registries[registry]
  if not entries then
    entries = {}
    registries[registry] = entries
  end
  entries[#entries + 1] = score
  entries[#entries + 1] = id
end

local function record(id, at, kind, ttl)
  local entry = { 'type', kind, 'worker_name', ARGV[9], 'execution_id', ARGV[at + 2],
    'execution_started_at', ARGV[at + 5], 'execution_ended_at', ARGV[at + 6] }
  if ARGV[at + 8] ~= '' then
    entry[#entry + 1] = 'return_value'
    entry[#entry + 1] = ARGV[at + 8]
  end
  if ARGV[at + 9] ~= '' then
    entry[#entry + 1] = 'exc_string'
    entry[#entry + 1] = ARGV[at + 9]
  end
  redis.call('XADD', prefixes.results .. id, 'MAXLEN', 10, '*', unpack(entry))
  set_lifetime(ttl, prefixes.results .. id)
end

local function finish(at)
  local id, queue, execution, kind = ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3]
  local ttl = tonumber(ARGV[at + 4])
  local job = prefixes.job .. id
  local success = kind == '1'
  redis.call('DEL', prefixes.execution .. id .. ':' .. execution)
  redis.call('ZREM', prefixes.executions .. id, execution)
  if success then
    succeeded = succeeded + 1
  else
    failed = failed + 1
  end
  worked = worked + tonumber(ARGV[at + 6]) - tonumber(ARGV[at + 5])
  local status = redis.call('HGET', job, 'status')
  if not status then
    return
  elseif status == 'canceled' then
    return record(id, at, kind, ttl == 0 and 1 or ttl)
  end
  local dependents = job .. ':dependents'
  local dependencies = prefixes.job .. ':' .. id .. ':dependencies'
  if success and ttl == 0 then
    release_dependents(prefixes, id, false, ARGV[10])
    redis.call('DEL', job, dependents, dependencies)
    return
  end
  redis.call('HSET', job, 'status', success and 'finished' or 'failed', 'ended_at', ARGV[at + 7],
    'last_heartbeat', ARGV[10])
  record(id, at, kind, ttl)
  register(prefixes.registry .. (success and 'finished:' or 'failed:') .. queue,
    ttl >= 0 and now + ttl or (success and '+inf' or -1), id)
  set_lifetime(ttl, job)
  if redis.call('EXISTS', dependents, dependencies) > 0 then
    release_dependents(prefixes, id, not success, ARGV[10])
    set_lifetime(ttl, dependents, dependencies)
  end
end

local at = 12
for i = 1, count do
  if redis.call('ZREM', prefixes.registry .. 'wip:' .. ARGV[at + 1], ARGV[at] .. ':' .. ARGV[at + 2]) == 1 then
    finish(at)
  else
    lost[#lost + 1] = i
  end
  at = at + 10
end

for registry, entries in pairs(registries) do
  redis.call('ZADD', registry, unpack(entries))
end
if redis.call('EXISTS', KEYS[1]) == 1 then
  if succeeded > 0 then
    redis.call('HINCRBY', KEYS[1], 'successful_job_count', succeeded)
  end
  if failed > 0 then
    redis.call('HINCRBY', KEYS[1], 'failed_job_count', failed)
  end
  redis.call('HINCRBYFLOAT', KEYS[1], 'total_working_time', string.format('%.6f', worked))
end
return lost
