--- @include keys
-- One call looks at about so many children of a job and parents of a child, and at so many
-- for all jobs; maintenance goes on with the rest.
local MAX_SEEN = 1000
local MAX_SEEN_IN_ALL = 5000
local PAGE = 100
local seen = 0

-- Returns what a cursor into a set holds for: the process of the server, or '' if that may
-- not be asked for.
local run
local function server_run()
  if not run then
    local info = redis.pcall('INFO', 'server')
    run = type(info) == 'string' and info:match('run_id:(%x+)') or ''
  end
  return run
end

-- Notes where a search has to go on, for maintenance of the queue; for a child with the parent
-- that has ended, if there is one. A new search stands for one that is on its way, but for that
-- of a job which has failed: it may have finished.
local function go_on_later(queue, subject, kind, cursor, parent)
  redis.pcall(kind == 'failed' and 'HSETNX' or 'HSET', RELEASING .. queue, subject,
    kind .. ' ' .. cursor .. ' ' .. (cursor ~= '0' and server_run() or '') .. (parent and ' ' .. parent or ''))
end

-- Visits the members of a set from a cursor on until one visit says false. Returns false
-- then, else the cursor to go on from, '0' if there are no more.
local function each_member(key, cursor, visit)
  repeat
    local page = redis.pcall('SSCAN', key, cursor, 'COUNT', PAGE)
    if page.err then
      return '0'
    end
    cursor = page[1]
    for _, member in ipairs(page[2]) do
      if visit(member) == false then
        return false
      end
    end
    seen = seen + #page[2]
  until cursor == '0' or seen >= MAX_SEEN
  return cursor
end
