package io.rq.chaos;

import java.util.concurrent.TimeUnit;

import io.rq.annotation.RqCallback;
import io.rq.annotation.RqCron;
import io.rq.annotation.RqJob;
import io.rq.handler.JobContext;
import io.rq.job.Job;

/**
 * Jobs that write each run into the ledger.
 */
class ChaosJobs {

	static final String WORK = "work";

	/** What it is called in Python: module and function. */
	static final String SHARED = "chaos_jobs.shared";

	static final String FLAKY = "flaky";

	static final String POISON = "poison";

	static final String TICK = "tick";

	static final int TICK_MILLIS = 1_000;

	static final String DONE = "done";

	private final Ledger ledger;

	private final String process;

	ChaosJobs(Ledger ledger, String process) {
		this.ledger = ledger;
		this.process = process;
	}

	@RqJob(name = WORK, queue = Shape.QUEUE)
	void work(JobContext context, long millis) throws InterruptedException {
		String run = this.ledger.started(context, this.process);
		take(run, millis);
		this.ledger.ended(run, false);
	}

	/** What has lost its lease, or is to stop, is not in flight any more. */
	private void take(String run, long millis) throws InterruptedException {
		try {
			TimeUnit.MILLISECONDS.sleep(millis);
		}
		catch (InterruptedException ex) {
			this.ledger.ended(run, true);
			throw ex;
		}
	}

	@RqJob(name = SHARED, queue = Shape.SHARED_QUEUE)
	void shared(JobContext context, long millis) throws InterruptedException {
		work(context, millis);
	}

	@RqJob(name = FLAKY, queue = Shape.QUEUE)
	void flaky(JobContext context, long millis) throws InterruptedException {
		String run = this.ledger.started(context, this.process);
		take(run, millis);
		boolean first = Ledger.attempt(context) == 1;
		this.ledger.ended(run, first);
		if (first) {
			throw new IllegalStateException("As it is meant to");
		}
	}

	@RqJob(name = POISON, queue = POISON)
	void poison(JobContext context) {
		this.ledger.started(context, this.process);
		Runtime.getRuntime().halt(1);
	}

	@RqCron(name = TICK, every = TICK_MILLIS + "ms")
	void tick(JobContext context) {
		this.ledger.ended(this.ledger.started(context, this.process), false);
	}

	@RqCallback(name = DONE)
	void done(Job job) {
		this.ledger.calledBack(job.id());
	}

}
