--[[
Stores new jobs and puts each on its queue or, if it is due later, into the registry of
scheduled jobs. All of them or none. A client repeats a call when its connection breaks
before the reply. What an earlier delivery of this very call has stored is left as it is:
the whole call is known by its nonce for a while, a job whose id the caller chose by the
nonce in its hash, any other job by its id.

KEYS[1]  queue of the first job (list)
ARGV[1]  time for people, as it stands in job hashes
ARGV[2]  nonce of the call, or '' if ids that were made for their jobs are enough
ARGV[3]  for how many seconds the call is known by its nonce, or '' for a minute
ARGV[4]  number of jobs, then for each job:
  id, queue name,
  flags: 1 at the front, 2 the caller chose the id, 4 the id must be new; added up,
  due time in seconds since the epoch, or a delay in seconds after '+', or '' for now,
  time to live in seconds or '',
  number of the following values, then field, value, ... of the job's hash
  and after all jobs, if one of these is given, for whom they are put aside to be run at once,
  or '', then for each queue that has a limit: its name, how many jobs may wait on it, how many
  more are to come by later calls

Replies: {0, i, status, ...}  stored; the jobs at these positions have that status, the others
                              are queued
         {1, i}               nothing stored: the job at this position must be new but exists
         {2, i}               nothing stored: the job at this position is running
         {3, i}               nothing stored: the job at this position has the id of one before it
         {4, i, length, n}    nothing stored: so many jobs wait on the queue of the job at this
                              position, and n more are too many
]]
--- @include many
return enqueue_many(ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]))
