package io.rq.job;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.springframework.util.Assert;

/**
 * How often and after which waits a job is tried again. Given when a job is enqueued it
 * answers exceptions (protocol §6.3); returned by a job's method it asks for another run
 * (protocol §6.4). The two count separately and repeat opposite ends of the intervals, as
 * RQ does.
 *
 * @param retries how often the job may be tried again; in a stored job, how often still
 * @param intervalSeconds the waits in whole seconds; 0 means at once. Never empty
 * @param front whether an immediate or due retry goes to the front of its queue; not used
 * in a returned rule, as in RQ
 * @param jitter by which share each wait may turn out shorter, from 0 to 1. Drawn for
 * each job on its way to Redis: 0 in a stored job
 */
public record Retry(int retries, List<Integer> intervalSeconds, boolean front, double jitter) {

	/** No retry, whatever else would apply to the job. */
	public static final Retry NONE = new Retry(0, List.of(0), false);

	private static final List<Integer> AT_ONCE = List.of(0);

	/**
	 * How many retries may have waits that double. RQ has no rule for growing waits, so
	 * that each stands in the job.
	 */
	public static final int MOST_GROWING = 1_000;

	/** So many waits of a rule with jitter are drawn for one job; the first repeats. */
	private static final int MOST_DRAWN = 100;

	private static final int MAX_SPELLED = 5;

	/**
	 * Validates the values.
	 * @throws IllegalArgumentException if a value is negative or there is no interval
	 */
	public Retry {
		Assert.isTrue(retries >= 0, () -> "'retries' must not be negative but is " + retries);
		Assert.notEmpty(intervalSeconds, "'intervalSeconds' must not be empty");
		intervalSeconds = List.copyOf(intervalSeconds);
		for (Integer interval : intervalSeconds) {
			Assert.isTrue(interval >= 0, () -> "'intervals' must not be negative but contains " + interval);
		}
		Assert.isTrue(jitter >= 0 && jitter <= 1, () -> "'jitter' must be from 0 to 1 but is " + jitter);
	}

	/**
	 * Creates a rule whose waits are exact.
	 * @param retries how often the job may be tried again
	 * @param intervalSeconds the waits in whole seconds
	 * @param front whether a retry goes to the front of its queue
	 * @throws IllegalArgumentException if a value is negative or there is no interval
	 */
	public Retry(int retries, List<Integer> intervalSeconds, boolean front) {
		this(retries, intervalSeconds, front, 0);
	}

	/**
	 * Creates a rule of at most that many retries, each at once.
	 * @param retries the number of retries, at least 1
	 * @return the rule
	 * @throws IllegalArgumentException if {@code retries} is less than 1
	 */
	public static Retry max(int retries) {
		Assert.isTrue(retries >= 1, () -> "'max' must be at least 1 but is " + retries);
		return new Retry(retries, AT_ONCE, false);
	}

	/**
	 * Returns this rule with the given waits. If there are fewer waits than retries, the
	 * first one repeats for exceptions and the last one for returned retries.
	 * @param seconds the waits in seconds, 0 for at once
	 * @return a new rule
	 * @throws IllegalArgumentException if a wait is negative or none is given
	 */
	public Retry intervals(int... seconds) {
		return new Retry(this.retries, Arrays.stream(seconds).boxed().toList(), this.front, this.jitter);
	}

	/**
	 * Returns this rule with waits that double. They stand in the job as RQ's intervals,
	 * so that Python's workers wait as long.
	 * @param first the wait before the first retry, at least a second
	 * @param longest what no wait exceeds
	 * @return a new rule
	 * @throws IllegalArgumentException if a duration is no whole number of seconds, the
	 * first is shorter than a second or longer than the longest, or there are more than
	 * 1,000 retries
	 */
	public Retry exponential(Duration first, Duration longest) {
		Assert.isTrue(first.getNano() == 0 && longest.getNano() == 0,
				() -> "'first' and 'longest' must be whole numbers of seconds but are " + first + " and " + longest);
		Assert.isTrue(first.toSeconds() >= 1 && first.compareTo(longest) <= 0,
				() -> "'first' must be at least a second and not longer than 'longest' but they are " + first + " and "
						+ longest);
		JobOptions.requireNotTooLong("longest", longest);
		Assert.isTrue(this.retries <= MOST_GROWING, () -> "'max' must be at most " + MOST_GROWING
				+ " where the waits double, because each stands in the job, but is " + this.retries);
		int cap = (int) Math.min(longest.toSeconds(), Integer.MAX_VALUE);
		List<Integer> waits = Stream
			.iterate((int) Math.min(first.toSeconds(), cap), (wait) -> (wait > cap / 2) ? cap : wait * 2)
			.limit(this.retries)
			.toList();
		return new Retry(this.retries, waits, this.front, this.jitter);
	}

	/**
	 * Returns this rule with waits that differ from job to job, so that jobs that failed
	 * together do not come back together.
	 * @param share by which share each wait may turn out shorter, from 0 to 1: at 0.25 a
	 * wait of 60 seconds takes 45 to 60
	 * @return a new rule
	 * @throws IllegalArgumentException if the share is not from 0 to 1
	 */
	public Retry jitter(double share) {
		return new Retry(this.retries, this.intervalSeconds, this.front, share);
	}

	/**
	 * Returns this rule for one job: its waits are drawn now, if they have a jitter.
	 * @return a rule without jitter
	 */
	public Retry drawn() {
		if (this.jitter == 0) {
			return this;
		}
		int spelled = Math.min(this.retries, MOST_DRAWN);
		int repeated = Math.max(spelled - this.intervalSeconds.size(), 0);
		List<Integer> waits = Stream
			.concat(Stream.generate(() -> this.intervalSeconds.get(0)).limit(repeated), this.intervalSeconds.stream())
			.map(this::draw)
			.toList();
		return new Retry(this.retries, waits, this.front);
	}

	private int draw(int wait) {
		return (int) Math.round(wait * (1 - this.jitter * ThreadLocalRandom.current().nextDouble()));
	}

	/**
	 * Returns this rule with retries that go to the front of the queue.
	 * @return a new rule
	 */
	public Retry atFront() {
		return new Retry(this.retries, this.intervalSeconds, true, this.jitter);
	}

	/**
	 * Returns whether some retry waits before it runs, which needs a scheduler.
	 * @return {@code true} unless each retry runs at once
	 */
	public boolean isDelayed() {
		return IntStream.range(0, this.intervalSeconds.size())
			.anyMatch((i) -> this.intervalSeconds.get(i) > 0 && isUsed(i));
	}

	private boolean isUsed(int interval) {
		return interval >= this.intervalSeconds.size() - this.retries;
	}

	/**
	 * Returns whether an exception may be answered with another attempt.
	 * @return {@code true} if retries are left
	 */
	public boolean hasRetriesLeft() {
		return this.retries > 0;
	}

	/**
	 * Returns the wait before the next attempt after an exception: with {@code n} waits
	 * the one at {@code max(n - retries, 0)} (protocol §6.3).
	 * @return the wait in seconds, 0 for at once
	 */
	public int nextIntervalSeconds() {
		return this.intervalSeconds.get(Math.max(this.intervalSeconds.size() - this.retries, 0));
	}

	/**
	 * Returns the wait before the run that a returned rule asks for: the one at
	 * {@code min(n - 1, numberOfRetries)} (protocol §6.4), drawn now if it has a jitter.
	 * @param numberOfRetries how many returned retries the job has had
	 * @return the wait in seconds, 0 for at once
	 */
	public int intervalSecondsAfter(int numberOfRetries) {
		return draw(this.intervalSeconds.get(Math.min(this.intervalSeconds.size() - 1, numberOfRetries)));
	}

	/**
	 * Returns this rule after one retry has been used.
	 * @return a new rule with one retry less
	 */
	public Retry afterRetry() {
		return new Retry(this.retries - 1, this.intervalSeconds, this.front, this.jitter);
	}

	/**
	 * Returns the wait that an exception will see after so many retries.
	 * @param soFar how many of the retries left will have been used, less than there are
	 * @return the wait in seconds, 0 for at once
	 */
	public int waitSeconds(int soFar) {
		Assert.isTrue(soFar >= 0 && soFar < this.retries,
				() -> "'soFar' must be less than " + this.retries + " and not negative but is " + soFar);
		return this.intervalSeconds.get(Math.max(this.intervalSeconds.size() - this.retries + soFar, 0));
	}

	/**
	 * Returns the waits that exceptions will see, in order, as a text for people. Its
	 * length does not depend on the number of retries.
	 * @return the waits in seconds, such as {@code [10 (998 times), 60, 300]}
	 */
	public String describeWaits() {
		int repeats = Math.max(this.retries - this.intervalSeconds.size() + 1, 1);
		if (repeats <= MAX_SPELLED) {
			return IntStream.range(0, this.retries)
				.mapToObj((soFar) -> String.valueOf(waitSeconds(soFar)))
				.collect(Collectors.joining(", ", "[", "]"));
		}
		return Stream
			.concat(Stream.of(this.intervalSeconds.get(0) + " (" + repeats + " times)"),
					this.intervalSeconds.stream().skip(1).map(String::valueOf))
			.collect(Collectors.joining(", ", "[", "]"));
	}

}
