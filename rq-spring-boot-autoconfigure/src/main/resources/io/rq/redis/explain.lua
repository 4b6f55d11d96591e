--[[
Tells what there is around a job, for those who ask why it does not run. Of what is long only
the ends are searched. Changes nothing.

KEYS[1]    queue (list)
ARGV[1]    queue name
ARGV[2]    job id
ARGV[3]    function name, or '' if it is not known
ARGV[4]    what its rate limit has its keys by, or '' if it has none
ARGV[5..]  ids of jobs that it waits for

Replies: {status, state, places, workers, limit, parents}
           status of the job or ''
           state: {time of Redis, milliseconds for which all workers are suspended or -1 for
             ever or -2 if they are not, scheduler of the queue or '', number of waiting jobs,
             number of runs, and since when and why the queue is paused, if it is}
           places: {place on the queue or -1, or -2 if it may be further from both ends than is
             searched, place among those that Python has popped or -1, worker that has taken
             it or '', 1 if that worker is on record, milliseconds the job has to live, then
             scores or '' in wip, scheduled, deferred, ready, finished, failed, canceled}
           for each worker of the queue: {name, number of runs it shows, 1 if it knows the
             function, 0 if not, -1 if it does not tell, state, runtime, concurrency, runs
             that ended well, and badly, birth, each '' if it does not tell}
           limit: {number of jobs, milliseconds of its window, jobs that have a slot, jobs
             that wait for one, how many wait before this one or -1, {id, score, ...} of the first holders}
           for each of the jobs that it waits for its status, '' if it is gone
]]
--- @include place
--- @include clock
--- @include paused
local queue, id = ARGV[1], ARGV[2]
local MOST_WORKERS = 100

local function text(value)
  return type(value) == 'string' and value or ''
end

local function number(value, other)
  return type(value) == 'number' and value or other
end

local function place_in(list, depth)
  return number(redis.pcall('LPOS', list, id, 'MAXLEN', depth),
    number(redis.pcall('LPOS', list, id, 'RANK', -1, 'MAXLEN', depth), -1))
end

local function lease()
  local wip = WIP .. queue
  local found = text(redis.pcall('ZSCORE', wip, id))
  for _, execution in ipairs(redis.pcall('ZRANGE', EXECUTIONS .. id, 0, ENDS)) do
    found = found ~= '' and found or text(redis.pcall('ZSCORE', wip, id .. ':' .. execution))
  end
  for _, from in ipairs({ 0, -SEARCHED }) do
    local runs = found == '' and redis.pcall('ZRANGE', wip, from, from + SEARCHED - 1, 'WITHSCORES') or {}
    for at = 1, #runs, 2 do
      found = runs[at]:sub(1, #id + 1) == id .. ':' and runs[at + 1] or found
    end
  end
  return found
end

local function taker()
  for _, worker in ipairs(redis.pcall('SRANDMEMBER', TAKERS .. queue, MOST_WORKERS)) do
    if place_in(TAKEN .. queue .. ':' .. worker, SEARCHED) >= 0 then
      return worker
    end
  end
  return ''
end

local function knows(functions)
  if not functions or ARGV[3] == '' then
    return -1
  end
  return ('\n' .. functions .. '\n'):find('\n' .. ARGV[3] .. '\n', 1, true) and 1 or 0
end

local function workers()
  local told = {}
  for _, worker in ipairs(redis.pcall('SRANDMEMBER', WORKERS_OF_QUEUE .. queue, MOST_WORKERS)) do
    local fields = redis.pcall('HMGET', worker, 'birth', 'death', 'functions', 'state', 'python_version',
      'concurrency', 'successful_job_count', 'failed_job_count')
    if fields[1] and not fields[2] then
      local runs = number(redis.pcall('SCARD', worker .. WORKER_RUNS), 0)
      told[#told + 1] = { worker, runs, knows(fields[3]), text(fields[4]), text(fields[5]), text(fields[6]),
        text(fields[7]), text(fields[8]), fields[1] }
    end
  end
  return told
end

local function limit()
  if ARGV[4] == '' then
    return {}
  end
  local key = RATE_LIMIT .. ARGV[4]
  local fields = redis.pcall('HMGET', key, 'concurrency', 'window')
  local holders = redis.pcall('ZRANGE', key .. HOLDERS, 0, 9, 'WITHSCORES')
  return { text(fields[1]), text(fields[2]), number(redis.pcall('ZCARD', key .. HOLDERS), 0),
    number(redis.pcall('ZCARD', key .. SLOTLESS), 0), number(redis.pcall('ZRANK', key .. SLOTLESS, id), -1),
    holders.err and {} or holders }
end

local waiting = number(redis.pcall('LLEN', KEYS[1]), 0)
local place = place_in(KEYS[1], DEEP)
local worker = taker()
local places = { (place >= 0 or waiting <= 2 * DEEP) and place or -2, place_in(KEYS[1] .. INTERMEDIATE, DEEP),
  worker, worker ~= '' and redis.call('EXISTS', WORKER .. worker) or 0, redis.call('PTTL', JOB .. id), lease() }
for _, registry in ipairs({ SCHEDULED, DEFERRED, READY, FINISHED, FAILED, CANCELED }) do
  places[#places + 1] = text(redis.pcall('ZSCORE', registry .. queue, id))
end
local parents = {}
for i = 5, #ARGV do
  parents[#parents + 1] = text(redis.pcall('HGET', JOB .. ARGV[i], 'status'))
end
local state = { score_text(redis_time()), redis.call('PTTL', SUSPENDED),
  text(redis.pcall('GET', SCHEDULER_LOCK .. queue)), waiting, number(redis.pcall('ZCARD', WIP .. queue), 0) }
local pause = read_pauses(redis.pcall('GET', PAUSED_QUEUES))[queue]
if pause then
  state[6] = type(pause) == 'table' and tostring(pause[1] or '') or ''
  state[7] = type(pause) == 'table' and tostring(pause[2] or '') or ''
end
return { text(redis.pcall('HGET', JOB .. id, 'status')), state, places, workers(), limit(), parents }
