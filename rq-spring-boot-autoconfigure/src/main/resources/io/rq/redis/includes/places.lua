--- @include keys
-- The registry of a job that has left its queue and can be put back, by its status.
local PLACES = { finished = FINISHED, failed = FAILED, stopped = FAILED, scheduled = SCHEDULED, canceled = CANCELED }
