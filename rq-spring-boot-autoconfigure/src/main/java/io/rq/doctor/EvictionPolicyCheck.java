package io.rq.doctor;

/**
 * Redis may drop jobs, queues and leases when its memory is full.
 */
record EvictionPolicyCheck(Server server) implements Check {

	@Override
	public String name() {
		return "eviction-policy";
	}

	@Override
	public void examine(Report report) {
		String policy = this.server.info("maxmemory_policy");
		if (!policy.isEmpty() && !policy.equals("noeviction")) {
			report.warn(
					"Redis has the eviction policy '" + policy
							+ "': when its memory is full it drops jobs, queues and leases without a word.",
					"Set 'maxmemory-policy noeviction' in Redis, and keep data that may be dropped on another server.");
		}
	}

}
