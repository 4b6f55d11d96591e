package io.rq.test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.assertj.core.api.AssertProvider;

/**
 * What a test does with the jobs of the application: see what was enqueued, run it, and
 * let time pass. AssertJ's {@code assertThat} takes it.
 *
 * <pre class="code">
 * assertThat(test).hasEnqueued(MailJobs::sendWelcome).withArguments("ada@example.org", 42L).onQueue("mail");
 * assertThat(test.runAll()).extracting(RunReport::outcome).containsExactly(RunOutcome.FINISHED);
 * </pre>
 *
 * <p>
 * Jobs run on the thread that calls, by the handlers of the application and the rules of
 * its workers. Jobs for other programs stay on their queues: those that no handler here
 * is for, on a queue that no handler or worker here serves. Begins anew with each test
 * method.
 */
public interface RqTestOperations extends AssertProvider<RqTestOperationsAssert> {

	/**
	 * Returns what was enqueued since the test began, those jobs included that wait for
	 * the commit of this thread's transaction.
	 * @return the jobs as they were enqueued, in their order
	 */
	List<EnqueuedJob> enqueued();

	/**
	 * Returns which runs have ended since the test began.
	 * @return the runs in their order
	 */
	List<RunReport> runs();

	/**
	 * Runs the jobs that are due, and those that these enqueue, release or are to be
	 * tried again as at once. What is due later stays.
	 * @return how the runs have ended, in their order
	 * @throws IllegalStateException if there is no end to it
	 */
	List<RunReport> runDue();

	/**
	 * Runs all jobs to their end, those that are due later and all their retries
	 * included: moves the clock to the next time at which one is due until none is left.
	 * Cron jobs do not fire meanwhile.
	 * @return how the runs have ended, in their order
	 * @throws IllegalStateException if there is no end to it
	 */
	List<RunReport> runAll();

	/**
	 * Moves the clock forward. Scheduled jobs and delayed retries come that much nearer,
	 * and the cron jobs of that time are enqueued. Runs nothing.
	 * @param duration how far, not negative
	 */
	void advance(Duration duration);

	/**
	 * Returns what time it is, by the clock that {@link #advance(Duration)} moves.
	 * @return the time
	 */
	Instant now();

	/**
	 * Forgets all jobs and runs and puts the clock back, as is done before each test
	 * method.
	 */
	void reset();

}
