--[[
Sends the worker that runs a job the command to stop it (protocol 12.4), and tells what has
become of the job. Writes nothing.

KEYS[1]  job (hash)
ARGV[1]  start of the run that is meant, as it stands in the job's hash, or '' for any
ARGV[2]  the command, or '' to send none

Replies: {}  there is no such job
         {status, start, worker, listeners, python}  each a text; the number of those who have
           heard it, -1 if none was sent; '1' if the worker is one of Python or not known, else '0'
]]
--- @include keys
local job = redis.call('HMGET', KEYS[1], 'status', 'started_at', 'worker_name', 'data')
if not job[4] then
  return {}
end
local status, start, worker = job[1] or '', job[2] or '', job[3] or ''
local listeners = -1
local runtime = redis.pcall('HGET', WORKER .. worker, 'python_version')
local python = type(runtime) ~= 'string' or runtime:match('^%d')
if status == 'started' and worker ~= '' and ARGV[2] ~= '' and (ARGV[1] == '' or ARGV[1] == start) then
  listeners = redis.call('PUBLISH', PUBSUB .. worker, ARGV[2])
end
return { status, start, worker, tostring(listeners), python and '1' or '0' }
