--[[
Tells a job that waits for others that one of them, which lies on another node, has ended.
Telling it again changes nothing.

KEYS[1]  queue of the job (list)
ARGV[1]  queue name
ARGV[2]  job id
ARGV[3]  parent that has ended, as the job names it
ARGV[4]  1 if the parent has failed, else 0
ARGV[5]  time for people, as it stands in job hashes

Replies: 1 if the job waits for nothing any more, else 0
]]
--- @include dependents
return release_child(ARGV[2], ARGV[1], ARGV[3], ARGV[4] == '1', ARGV[5], '0') and 1 or 0
