-- Names what is passed as the first arguments of every script that builds key names.
local function read_prefixes()
  return { job = ARGV[1], queue = ARGV[2], registry = ARGV[3], results = ARGV[4], execution = ARGV[5],
    executions = ARGV[6], queues = ARGV[7], wake = ARGV[8] }
end
