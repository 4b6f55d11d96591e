--- @include keys
-- A client repeats a call when its connection breaks before the reply. A call that must not
-- be carried out twice is known by its nonce for so many seconds, if it does not say so itself.
local REMEMBERED = 60

-- Returns what an earlier delivery of the call has replied, or nothing. A call without a
-- nonce may be carried out again.
local function earlier_reply(nonce, seconds)
  local earlier = nonce ~= '' and redis.call('GET', ENQUEUED .. nonce)
  if earlier then
    redis.call('EXPIRE', ENQUEUED .. nonce, seconds or REMEMBERED)
    return cjson.decode(earlier)
  end
end

-- Remembers the reply.
local function remember(nonce, reply, seconds)
  if nonce ~= '' then
    redis.call('SET', ENQUEUED .. nonce, cjson.encode(reply), 'EX', seconds or REMEMBERED)
  end
end
