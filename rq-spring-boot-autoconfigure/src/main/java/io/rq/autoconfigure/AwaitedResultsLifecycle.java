package io.rq.autoconfigure;

import org.springframework.context.SmartLifecycle;

import io.rq.redis.AwaitedResults;

/**
 * Ends the waiting for results when the context stops: after workers and web server,
 * whose last jobs and requests may wait, and before the connections.
 */
final class AwaitedResultsLifecycle implements SmartLifecycle {

	private static final int PHASE = RqConnections.PHASE + 1;

	private final AwaitedResults awaited;

	private volatile boolean running;

	AwaitedResultsLifecycle(AwaitedResults awaited) {
		this.awaited = awaited;
	}

	AwaitedResults awaited() {
		return this.awaited;
	}

	@Override
	public void start() {
		this.awaited.open();
		this.running = true;
	}

	@Override
	public void stop() {
		this.running = false;
		this.awaited.close();
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}
