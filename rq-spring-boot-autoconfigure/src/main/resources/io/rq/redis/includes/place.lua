-- Takes a job out of the one place its status says it is in (protocol 3.2), except a
-- running one, which only its worker may take.
local function leave_place(id, origin, status)
  if status == 'queued' then
    redis.call('LREM', QUEUE .. origin, 1, id)
  elseif status == 'stopped' then
    redis.call('ZREM', PREFIX .. 'failed:' .. origin, id)
  elseif status == 'finished' or status == 'failed' or status == 'scheduled'
      or status == 'deferred' or status == 'canceled' then
    redis.call('ZREM', PREFIX .. status .. ':' .. origin, id)
  end
end
