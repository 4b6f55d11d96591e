package io.rq.scheduler;

import io.rq.lifecycle.Keeper;
import io.rq.lifecycle.Outage;
import io.rq.lifecycle.Terms;

/**
 * A scheduler from a start to the next stop.
 *
 * @param threads its threads, which serve all terms
 * @param keeper who stands behind them in this one
 */
record SchedulerTerm(SchedulerThreads threads, Keeper keeper) implements Terms.Term {

	static SchedulerTerm of(SchedulerThreads threads) {
		return new SchedulerTerm(threads, new Keeper("rq-scheduler-keep", new Outage(), threads));
	}

	@Override
	public void start() {
		this.threads.start();
		try {
			this.keeper.start();
		}
		catch (Throwable ex) {
			this.threads.stop(this.keeper);
			throw ex;
		}
	}

	@Override
	public boolean isExhausted() {
		return false;
	}

}
