-- The longest time to live that is given to a key, in seconds, as in JobOptions: far below
-- what Redis refuses.
local LONGEST = 3155760000
