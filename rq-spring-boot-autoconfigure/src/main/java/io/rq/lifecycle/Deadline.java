package io.rq.lifecycle;

import java.time.Duration;

/**
 * The time left for something of several steps, dealt out so that every later step has
 * some.
 */
public final class Deadline {

	/** How long what was interrupted may take to come back. */
	static final Duration GRACE = Duration.ofMillis(200);

	private final long end;

	private Deadline(long end) {
		this.end = end;
	}

	/**
	 * Begins to count.
	 * @param budget the whole time
	 * @return the deadline
	 */
	public static Deadline in(Duration budget) {
		return new Deadline(System.nanoTime() + budget.toNanos());
	}

	/**
	 * Returns a part of the time that is left.
	 * @param parts into how many parts it is divided
	 * @param most the result at most
	 * @return one of the parts
	 */
	public Duration share(int parts, Duration most) {
		Duration share = share(parts);
		return (share.compareTo(most) < 0) ? share : most;
	}

	/**
	 * Returns a part of the time that is left.
	 * @param parts into how many parts it is divided
	 * @return one of the parts
	 */
	public Duration share(int parts) {
		return Duration.ofNanos(Math.max(0, (this.end - System.nanoTime()) / parts));
	}

	/**
	 * Waits until something is so. An interrupt does not cut the wait short; the thread
	 * has its flag again afterwards.
	 * @param wait waits for at most so many nanoseconds
	 * @return the last answer of {@code wait}
	 */
	public boolean await(Wait wait) {
		boolean interrupted = false;
		try {
			while (true) {
				try {
					long left = this.end - System.nanoTime();
					boolean there = wait.await(Math.max(1, left));
					if (there || left <= 0) {
						return there;
					}
				}
				catch (InterruptedException ex) {
					interrupted = true;
				}
			}
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	/**
	 * A wait that may be interrupted.
	 */
	@FunctionalInterface
	public interface Wait {

		/**
		 * Waits.
		 * @param nanos for how long at most
		 * @return whether what was waited for is there
		 * @throws InterruptedException if interrupted
		 */
		boolean await(long nanos) throws InterruptedException;

	}

}
