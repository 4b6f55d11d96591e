package io.rq.job;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.convert.DurationStyle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Retry}.
 */
class RetryTests {

	private static int[] seconds(String text) {
		return Arrays.stream(text.split(" ")).mapToInt(Integer::parseInt).toArray();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			3          | 10        | 10, 10, 10
			3          | 10 60     | 10, 10, 60
			3          | 10 60 300 | 10, 60, 300
			2          | 10 60 300 | 60, 300
			1          | 10 60 300 | 300
			2147483647 | 10 60     | 10 (2147483646 times), 60
			2147483647 | 0         | 0 (2147483647 times)
			""")
	void waitsAreDescribedInTheSameLengthHoweverManyThereAre(int retries, String intervals, String text) {
		assertThat(Retry.max(retries).intervals(seconds(intervals)).describeWaits()).isEqualTo("[" + text + "]");
	}

	@Test
	void waitIsThatOfTheRuleAfterSoManyRetries() {
		Retry retry = Retry.max(5).intervals(10, 60, 300);
		for (int i = 0; i < 5; i++) {
			assertThat(retry.waitSeconds(i))
				.isEqualTo(new Retry(5 - i, retry.intervalSeconds(), false).nextIntervalSeconds());
		}
		assertThat(Retry.max(Integer.MAX_VALUE).intervals(10, 60).waitSeconds(Integer.MAX_VALUE - 1)).isEqualTo(60);
		assertThatIllegalArgumentException().isThrownBy(() -> retry.waitSeconds(5));
	}

	@ParameterizedTest
	@CsvSource({ "2147483647,0 60,true", "2147483647,0,false", "1,60 0,false", "2,60 0,true" })
	void onlyWaitsThatWillComeCount(int retries, String intervals, boolean waits) {
		assertThat(Retry.max(retries).intervals(seconds(intervals)).isDelayed()).isEqualTo(waits);
	}

	@ParameterizedTest
	@CsvSource({ "5,10,3600,'10, 20, 40, 80, 160'", "5,10,45,'10, 20, 40, 45, 45'", "1,60,60,'60'",
			"3,2147483647,2147483647,'2147483647, 2147483647, 2147483647'" })
	void waitsDoubleUpToTheLongest(int retries, long first, long longest, String waits) {
		Retry retry = Retry.max(retries).exponential(Duration.ofSeconds(first), Duration.ofSeconds(longest));
		assertThat(retry.describeWaits()).isEqualTo("[" + waits + "]");
	}

	@ParameterizedTest
	@CsvSource({ "3,0s,1m,'at least a second'", "3,2m,1m,'not longer than'", "3,1500ms,1m,'whole numbers'",
			"1001,1s,1m,'at most 1000'", "3,1s,36526d,'100 years'" })
	void waitsThatCannotDoubleAreRefused(int retries, String first, String longest, String message) {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> Retry.max(retries)
				.exponential(DurationStyle.detectAndParse(first), DurationStyle.detectAndParse(longest)))
			.withMessageContaining(message);
	}

	@Test
	void jitterShortensEachWaitByAShareThatDiffersFromJobToJob() {
		Retry retry = Retry.max(4).intervals(1_000, 2_000).jitter(0.25);
		Set<List<Integer>> drawn = new HashSet<>();
		for (int i = 0; i < 100; i++) {
			Retry one = retry.drawn();
			assertThat(one.jitter()).isZero();
			assertThat(one.retries()).isEqualTo(4);
			assertThat(one.intervalSeconds()).hasSize(4);
			assertThat(one.intervalSeconds().subList(0, 3)).allMatch((wait) -> wait >= 750 && wait <= 1_000);
			assertThat(one.intervalSeconds().get(3)).isBetween(1_500, 2_000);
			drawn.add(one.intervalSeconds());
		}
		assertThat(drawn).hasSizeGreaterThan(50);
		assertThat(IntStream.range(0, 100).map((i) -> retry.intervalSecondsAfter(7)).boxed().toList())
			.allMatch((wait) -> wait >= 1_500 && wait <= 2_000)
			.anyMatch((wait) -> wait < 2_000);
		assertThat(Retry.max(2).intervals(5).drawn()).isEqualTo(Retry.max(2).intervals(5));
		assertThat(Retry.max(Integer.MAX_VALUE).intervals(60).jitter(1).drawn().intervalSeconds()).hasSize(100);
		assertThatIllegalArgumentException().isThrownBy(() -> retry.jitter(1.1)).withMessageContaining("from 0 to 1");
	}

}
