package io.rq.cron;

import java.time.Duration;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import io.rq.job.Dependency;
import io.rq.job.JobRequest;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link CronJob}.
 */
class CronJobTests {

	private static final JobRequest REQUEST = JobRequest.of("tasks.report");

	static Stream<Arguments> requests() {
		return Stream.of(Arguments.of(REQUEST.id("a"), "chooses an id"),
				Arguments.of(REQUEST.unique(), "chooses an id"),
				Arguments.of(REQUEST.in(Duration.ofSeconds(1)), "chooses a due time"),
				Arguments.of(REQUEST.dependsOn("a"), "depends on other jobs"),
				Arguments.of(REQUEST.dependsOn(Dependency.on("a").allowFailure()), "depends on other jobs"),
				Arguments.of(REQUEST.group("nightly"), "joins a group"),
				Arguments.of(REQUEST.orderingKey("customer-1"), "has an ordering key"));
	}

	@ParameterizedTest
	@MethodSource("requests")
	void whatAnOccurrenceCannotHeedIsRefusedWithTheRemedy(JobRequest request, String problem) {
		Schedule schedule = Schedule.cron("@daily");
		assertThatIllegalArgumentException().isThrownBy(() -> CronJob.of("report", request, schedule))
			.withMessageContainingAll("The request of cron job 'report' " + problem, ": leave ");
	}

}
