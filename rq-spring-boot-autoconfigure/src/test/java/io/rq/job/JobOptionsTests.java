package io.rq.job;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for the limits of {@link JobOptions}, {@link JobRequest} and {@link NewJob.Due}.
 */
class JobOptionsTests {

	private static final JobRequest REQUEST = JobRequest.of("tasks.add", 1);

	@ParameterizedTest
	@ValueSource(longs = { Long.MAX_VALUE, 9_460_800_000L, 3_155_760_001L })
	void durationThatClocksOrRedisCannotCountIsRefused(long seconds) {
		Duration tooLong = Duration.ofSeconds(seconds);
		for (Function<Duration, JobRequest> option : List.<Function<Duration, JobRequest>>of(REQUEST::timeout,
				REQUEST::ttl, REQUEST::resultTtl, REQUEST::failureTtl, REQUEST::in)) {
			assertThatIllegalArgumentException().isThrownBy(() -> option.apply(tooLong))
				.withMessageContaining("100 years")
				.withMessageContaining(tooLong.toString());
		}
	}

	@Test
	void longestDurationIsFineForClocksAndRedis() {
		assertThat(JobOptions.LONGEST.toNanos()).isLessThan(Long.MAX_VALUE / 2);
		JobOptions options = REQUEST.timeout(JobOptions.LONGEST).ttl(JobOptions.LONGEST).options();
		assertThat(options.timeout()).isEqualTo(options.ttl());
	}

	@Test
	void momentThatReadersDoNotKnowIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> REQUEST.at(Instant.MAX)).withMessageContaining("9999");
		assertThatIllegalArgumentException().isThrownBy(() -> REQUEST.at(Instant.parse("+10000-01-01T00:00:00Z")));
	}

	@Test
	void anyNegativeDelayIsNone() {
		assertThat(REQUEST.in(Duration.ofSeconds(Long.MIN_VALUE)).target().due())
			.isEqualTo(NewJob.Due.in(Duration.ZERO));
	}

}
