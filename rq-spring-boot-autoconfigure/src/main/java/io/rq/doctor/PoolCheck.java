package io.rq.doctor;

/**
 * Workers and schedulers use the application's connections, and leave few of them.
 */
record PoolCheck(Client client) implements Check {

	@Override
	public String name() {
		return "client-pool";
	}

	@Override
	public void examine(Report report) {
		if (this.client.kept() > 0 && this.client.poolSize() < this.client.kept() + Client.USUALLY_FREE) {
			report.warn(
					"Of " + this.client.poolSize() + " connections in the pool workers and schedulers keep "
							+ this.client.kept() + ": jobs and calls wait for the others.",
					"Set 'spring.data.redis." + this.client.name() + ".pool.max-active' to "
							+ (this.client.kept() + Client.USUALLY_FREE)
							+ " or more, or use a plain connection factory, beside "
							+ "which workers have connections of their own.");
		}
	}

}
