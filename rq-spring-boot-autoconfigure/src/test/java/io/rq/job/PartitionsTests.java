package io.rq.job;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Partitions}.
 */
class PartitionsTests {

	private static final Partitions MAIL = new Partitions(Map.of("mail", 8));

	@Test
	void aKeyDecidesOnThePartitionOfADividedQueueOnly() {
		assertThat(MAIL.choose("mail", "ada")).isEqualTo("mail.0").isEqualTo(MAIL.choose("mail", "ada"));
		assertThat(MAIL.choose("print", "ada")).isEqualTo("print");
		assertThat(MAIL.choose("mail.3", "ada")).isEqualTo("mail.3");
	}

	@Test
	void idsAreSpreadEvenly() {
		Map<String, Long> counts = IntStream.range(0, 8_000)
			.mapToObj((i) -> MAIL.choose("mail", Job.newId()))
			.collect(Collectors.groupingBy((queue) -> queue, Collectors.counting()));
		assertThat(counts).hasSize(8).allSatisfy((queue, count) -> assertThat(count).isBetween(800L, 1_200L));
	}

	@Test
	void theQueueItselfIsAmongItsParts() {
		assertThat(new Partitions(Map.of("mail", 2)).of(List.of("high", "mail", "mail.1", "high")))
			.containsExactly("high", "mail", "mail.0", "mail.1");
	}

	@Test
	void aPartitionIsPartOfItsQueue() {
		assertThat(MAIL.whole("mail.7")).isEqualTo("mail");
		for (String other : List.of("mail", "mail.8", "mail.07", "mail.", "mail.-1", "print.1", ".1")) {
			assertThat(MAIL.whole(other)).isEqualTo(other);
		}
	}

	@Test
	void numbersThatCannotBeAreRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> new Partitions(Map.of("mail", 257)))
			.withMessage("Queue 'mail' must have from 1 to 256 partitions but has 257");
		assertThatIllegalArgumentException().isThrownBy(() -> new Partitions(Map.of("mail", 0)));
		assertThatIllegalArgumentException().isThrownBy(() -> new Partitions(Map.of("mail", 2, "mail.1", 2)))
			.withMessage("Queue 'mail.1' cannot be divided: it is a partition of 'mail'");
	}

}
