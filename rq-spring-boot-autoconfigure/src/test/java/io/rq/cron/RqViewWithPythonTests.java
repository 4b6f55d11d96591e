package io.rq.cron;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import io.rq.job.JobRequest;
import io.rq.test.PythonRq;
import io.rq.test.RedisTest;
import io.rq.test.RequiresPythonRq;
import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the expressions which {@link RqView} shows are due for RQ when they are due
 * for us.
 */
@RedisTest
@RequiresPythonRq(since = "2.6")
class RqViewWithPythonTests {

	private static final int EXPRESSIONS = 2_000;

	private static final int OCCURRENCES = 8;

	private static final Instant START = Instant.parse("2026-02-26T22:58:57Z");

	private static final List<String> DAYS = List.of("*", "?", "*", "1", "31", "1,15", "10-20", "*/5", "28/2", "L",
			"15W");

	private static final List<String> MONTHS = List.of("*", "*", "*", "2", "JAN", "jan-mar", "1/3", "*/4", "6,12",
			"NOV-DEC");

	private static final List<String> WEEKDAYS = List.of("*", "?", "*", "MON", "mon-fri", "0", "7", "6,7", "1-5/2",
			"SUN", "5-7", "FRI-SUN", "MON#1", "5L", "0-3", "*/2");

	private final Random random = new Random(20260226);

	private final TestRedis redis;

	RqViewWithPythonTests(TestRedis redis) {
		this.redis = redis;
	}

	@Test
	void whatIsShownIsDueWhenWeSay() {
		List<String> lines = new ArrayList<>();
		while (lines.size() < EXPRESSIONS) {
			String line = line(expression());
			if (line != null) {
				lines.add(line);
			}
		}
		try (PythonRq python = new PythonRq(this.redis)) {
			assertThat(python.module("schedules", "LINES = '''%s'''".formatted(String.join("\n", lines))).run("""
					from croniter import croniter
					from schedules import LINES
					def due(cron, start, count):
					    try:
					        times = croniter(cron, start)
					        return [str(int(times.get_next(float))) for _ in range(count)]
					    except Exception as error:
					        return repr(error)
					for line in LINES.splitlines():
					    text, cron, start, *times = line.split('|')
					    seen = due(cron, float(start), len(times))
					    if seen != times:
					        print(text, '|', cron, seen, times)
					""")).isEmpty();
		}
	}

	private String expression() {
		String seconds = (this.random.nextInt(4) == 0) ? number(60) : "0";
		return "%s %s %s %s %s %s".formatted(seconds, number(60), number(24), one(DAYS), one(MONTHS), one(WEEKDAYS));
	}

	private String one(List<String> values) {
		return values.get(this.random.nextInt(values.size()));
	}

	private String number(int count) {
		int first = this.random.nextInt(count);
		int last = first + this.random.nextInt(count - first);
		int step = 1 + this.random.nextInt(count / 2);
		return switch (this.random.nextInt(7)) {
			case 0 -> "*";
			case 1 -> "*/" + step;
			case 2 -> first + "-" + last;
			case 3 -> first + "-" + last + "/" + step;
			case 4 -> first + "," + last;
			case 5 -> first + "/" + step;
			default -> Integer.toString(first);
		};
	}

	/** Returns an expression, what RQ is shown, and when it is due, if RQ is shown it. */
	private static @Nullable String line(String expression) {
		Schedule schedule;
		try {
			schedule = Schedule.cron(expression);
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
		String shown = RqView.of(CronJob.of("a", JobRequest.of("b"), schedule), null, START).cron();
		if (shown == null) {
			return null;
		}
		StringBuilder line = new StringBuilder(expression + "|" + shown + "|" + START.getEpochSecond());
		Instant time = START;
		for (int i = 0; i < OCCURRENCES; i++) {
			time = schedule.next(time);
			if (time == null) {
				return null;
			}
			line.append('|').append(time.getEpochSecond());
		}
		return line.toString();
	}

}
