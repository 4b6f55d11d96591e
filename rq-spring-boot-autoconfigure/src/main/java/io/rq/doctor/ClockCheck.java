package io.rq.doctor;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * The clocks of this machine and of Redis differ.
 */
record ClockCheck(Server server, Clock clock) implements Check {

	private static final Duration MOST = Duration.ofSeconds(1);

	@Override
	public String name() {
		return "clock";
	}

	@Override
	public void examine(Report report) {
		Instant before = this.clock.instant();
		Instant there = this.server.store().time();
		Instant after = this.clock.instant();
		// the answer was true at some moment in between
		Duration off = there.isBefore(before) ? Duration.between(there, before)
				: there.isAfter(after) ? Duration.between(after, there) : Duration.ZERO;
		if (off.compareTo(MOST) > 0) {
			report.warn(
					"The clock of this machine is " + off.toMillis() + " ms "
							+ (there.isBefore(before) ? "ahead of" : "behind")
							+ " that of Redis: jobs scheduled for a time are due that much too "
							+ (there.isBefore(before) ? "late" : "early") + ", and times in lists are wrong.",
					"Let NTP set the clocks of both machines.");
		}
	}

}
