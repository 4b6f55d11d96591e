-- What the names of keys begin with and names of keys, each as in RqKeys.
local JOB = 'rq:job:'
local QUEUE = 'rq:queue:'
local PREFIX = 'rq:'
local RESULTS = 'rq:results:'
local EXECUTION = 'rq:execution:'
local EXECUTIONS = 'rq:executions:'
local QUEUES = 'rq:queues'
local WAKE = 'rq:scheduler-wake'
