--- @include keys
--- @include elsewhere
--- @include chosen
--- @include destination
--- @include once
-- Stores the jobs of a call, all of them or none. Links says of jobs that may wait for
-- others whether they do; where there is none, none do.
local known = {}

-- Looks, before anything is written, whether a queue has a limit that the call goes beyond. A
-- limit is three arguments: the queue, how many jobs may wait on it, and how many of them are
-- to come by later calls.
local function check_lengths(at)
  while ARGV[at] do
    local queue, later = ARGV[at], tonumber(ARGV[at + 2])
    local length = coming[queue] and redis.call('LLEN', QUEUE .. queue)
    if length and length + coming[queue] + later > tonumber(ARGV[at + 1]) then
      return { 4, newest[queue], length, coming[queue] + later }
    end
    at = at + 3
  end
end

-- Notes a job that is not on its queue.
local function note_status(reply, i, status)
  if status == 'scheduled' or status == 'deferred' or status == 'rate_limited' then
    reply[#reply + 1] = i
    reply[#reply + 1] = status
  end
end

local function each_job(count, links, visit)
  local at = 5
  for i = 1, count do
    local last = at + 5 + ARGV[at + 5]
    local reply = visit(i, at, at + 6, last)
    if reply then
      return reply
    end
    at = 1 + (links and links.last(last) or last)
  end
  return nil, at
end

local function enqueue_many(stamp, nonce, seconds, count, links)
  local earlier = earlier_reply(nonce, seconds)
  if earlier then
    return earlier
  end
  local reply = { 0 }
  local refused, rest = each_job(count, links, function(i, at, first, last)
    local id, queue, flags = ARGV[at], ARGV[at + 1], tonumber(ARGV[at + 2])
    local in_the_way
    if flags >= 2 then
      in_the_way, known[i] = check_chosen(i, id, flags >= 4, nonce)
    elseif redis.call('EXISTS', JOB .. id) == 1 then
      known[i] = redis.call('HGET', JOB .. id, 'status')
    end
    if in_the_way then
      return { in_the_way, i }
    elseif known[i] ~= nil then
      return note_status(reply, i, known[i])
    end
    note_due(i, ARGV[at + 3])
    waiting[i] = links and links.waits(i, id, queue, flags % 2 == 1, last)
    note_status(reply, i, note_place(i, id, queue, flags % 2 == 1, count > 1 or nonce ~= '' or waiting[i]))
  end)
  if refused then
    return refused
  end
  local taker = ARGV[rest] ~= '' and ARGV[rest]
  refused = check_lengths(rest + 1)
  if refused then
    return refused
  end
  -- The first write is one that a full Redis refuses.
  remember(nonce, reply, seconds)
  for i in pairs(replaced) do
    replace(i, stamp)
  end
  for queue, commands in pairs(pushes) do
    for command, ids in pairs(commands) do
      if #ids > 0 then
        redis.call(command, taker and TAKEN .. queue .. ':' .. taker or QUEUE .. queue, unpack(ids))
      end
    end
  end
  each_job(count, links, function(i, at, first, last)
    if known[i] == nil then
      put(i, ARGV[at], ARGV[at + 1], tonumber(ARGV[at + 2]) % 2 == 1, lifetime(ARGV[at + 4]), stamp,
        unpack(ARGV, first, last))
      if links then
        links.stored(ARGV[at], ARGV[at + 1], last)
      end
    end
  end)
  for queue in pairs(queues) do
    announce(queue)
    if taker then
      redis.call('SADD', TAKERS .. queue, taker)
    end
  end
  if links and links.settle(reply) then
    remember(nonce, reply, seconds)
  end
  return reply
end
