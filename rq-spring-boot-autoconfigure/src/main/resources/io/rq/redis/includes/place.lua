-- Takes a job out of the one place its status says it is in (protocol 3.2), except a
-- running one, which only its worker may take.
local function leave_place(prefixes, id, origin, status)
  if status == 'queued' then
    redis.call('LREM', prefixes.queue .. origin, 1, id)
  elseif status == 'stopped' then
    redis.call('ZREM', prefixes.registry .. 'failed:' .. origin, id)
  elseif status == 'finished' or status == 'failed' or status == 'scheduled'
      or status == 'deferred' or status == 'canceled' then
    redis.call('ZREM', prefixes.registry .. status .. ':' .. origin, id)
  end
end
