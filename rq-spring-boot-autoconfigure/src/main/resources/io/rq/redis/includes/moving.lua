--- @include keys
-- The keys of a job, and where each is while it is on its way to another node (protocol 13).
local function moving_keys(id, nonce)
  return { { JOB .. id, MOVING .. nonce }, { RESULTS .. id, MOVING_RESULTS .. nonce },
    { ATTEMPTS .. id, MOVING_ATTEMPTS .. nonce } }
end
