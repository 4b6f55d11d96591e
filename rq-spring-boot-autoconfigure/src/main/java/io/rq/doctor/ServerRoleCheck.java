package io.rq.doctor;

/**
 * The server is a part of something that has to be spoken to otherwise.
 */
record ServerRoleCheck(Server server) implements Check {

	@Override
	public String name() {
		return "server-role";
	}

	@Override
	public void examine(Report report) {
		if (this.server.info("redis_mode").equals("cluster") && !this.server.store().fitsCluster()) {
			report.warn("Redis is a node of a cluster, and RQ's keys cannot be spread over one.",
					"Set 'spring.data.redis.cluster.nodes', and 'rq.layout' to 'cluster', or 'rq.key-prefix' to "
							+ "'{rq}', here and with RQ 3 as RQ_KEY_PREFIX; or use a Redis that is no cluster.");
		}
		if (!this.server.store().name().isEmpty()) {
			examineNode(report);
		}
		else if (this.server.info("role").equals("slave") && !this.server.info("slave_read_only").equals("0")) {
			report.warn("Redis is a replica, which takes no changes: nothing can be enqueued or run.",
					"Connect to the primary, or with 'spring.data.redis.sentinel.*' to whichever node is the primary.");
		}
	}

	private void examineNode(Report report) {
		if (this.server.info("role").equals("master") && this.server.info("connected_slaves").equals("0")) {
			report.inform("The node has no replica: its queues stand still while it is down.",
					"Add one ('redis-cli --cluster add-node … --cluster-slave').");
		}
	}

}
