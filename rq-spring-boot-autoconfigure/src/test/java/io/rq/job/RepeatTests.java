package io.rq.job;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Repeat}.
 */
class RepeatTests {

	@Test
	void isAtOnceUnlessWaitsAreGiven() {
		assertThat(Repeat.times(3)).isEqualTo(new Repeat(3, List.of(0)));
		assertThat(Repeat.times(3).intervals(5, 10)).isEqualTo(new Repeat(3, List.of(5, 10)));
	}

	@Test
	void whatMakesNoSenseIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> Repeat.times(0)).withMessageContaining("'times'");
		assertThatIllegalArgumentException().isThrownBy(() -> Repeat.times(1).intervals())
			.withMessageContaining("'intervalSeconds'");
		assertThatIllegalArgumentException().isThrownBy(() -> Repeat.times(1).intervals(5, -1))
			.withMessageContaining("'intervals'");
	}

	@ParameterizedTest
	@CsvSource({ "1,0,false", "1,5,true", "2,0 5,true", "1,0 5,false", "3,0 0,false" })
	void onlyWaitsThatWillComeCount(int times, String intervals, boolean waits) {
		int[] seconds = List.of(intervals.split(" ")).stream().mapToInt(Integer::parseInt).toArray();
		assertThat(Repeat.times(times).intervals(seconds).isDelayed()).isEqualTo(waits);
	}

}
