package io.rq.job;

import java.util.Arrays;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

}
