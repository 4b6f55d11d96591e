package io.rq.chaos;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

import org.springframework.context.SmartLifecycle;
import org.springframework.transaction.support.TransactionOperations;

import io.rq.job.DuplicateJobException;
import io.rq.job.Job;
import io.rq.template.JobOperations;

/**
 * Enqueues jobs of all shapes, one after the other, as long as its application runs, and
 * notes those of which it knows that they are enqueued.
 */
class Load implements SmartLifecycle {

	private static final Duration LAST_CALL = Duration.ofSeconds(20);

	private static final int SHORT_MILLIS = 300;

	/** Longer than a lease. */
	private static final int LONG_MILLIS = 7_000;

	/** One plain job of so many is a long one. */
	private static final int LONG_ONES = 5;

	private static final Shape[] SHAPES = Shape.values();

	private final JobOperations jobs;

	private final TransactionOperations transactions;

	private final Ledger ledger;

	private final String process;

	private final String address;

	private final Duration every;

	private final Random random = new Random();

	private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

	private volatile boolean running;

	private int calls;

	/** The id of a job that may be enqueued or not. */
	private @Nullable String unknown;

	Load(JobOperations jobs, TransactionOperations transactions, Ledger ledger, String process, String address,
			Duration every) {
		this.jobs = jobs;
		this.transactions = transactions;
		this.ledger = ledger;
		this.process = process;
		this.address = address;
		this.every = every;
	}

	@Override
	public void start() {
		this.running = true;
		this.timer.scheduleAtFixedRate(this::enqueue, 0, this.every.toMillis(), TimeUnit.MILLISECONDS);
	}

	private void enqueue() {
		int call = this.calls++;
		Shape planned = SHAPES[call % SHAPES.length];
		String open = this.unknown;
		// others come in between: no replica may take that one for a while
		boolean again = open != null && (planned == Shape.UNIQUE || call % 2 == 0);
		Shape shape = again ? Shape.UNIQUE : planned;
		String id = (open != null && again) ? open : this.process + "-" + call;
		this.unknown = again ? null : open;
		try {
			List<Job> enqueued = shape.enqueue(this.jobs,
					new Shape.Order(id, millis(shape), this.address, this.transactions));
			enqueued.forEach((job) -> this.ledger.acknowledged(job.id(), shape.name()));
		}
		catch (DuplicateJobException ex) {
			this.ledger.acknowledged(id, shape.name());
		}
		catch (RuntimeException ex) {
			this.unknown = (shape == Shape.UNIQUE) ? id : this.unknown;
			this.ledger.refused(shape.name(), ex);
		}
	}

	private long millis(Shape shape) {
		boolean isLong = shape == Shape.PLAIN && this.random.nextInt(LONG_ONES) == 0;
		return isLong ? LONG_MILLIS : this.random.nextInt(SHORT_MILLIS);
	}

	@Override
	public void stop() {
		this.running = false;
		this.timer.shutdown();
		try {
			this.timer.awaitTermination(LAST_CALL.toSeconds(), TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

}
