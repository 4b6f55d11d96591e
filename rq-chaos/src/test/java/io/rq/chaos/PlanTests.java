package io.rq.chaos;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Plan}, and for what else a seed decides.
 */
class PlanTests {

	@Test
	void aWorkerIsKilledInEachRun() {
		for (List<Fault.Kind> kinds : List.of(ProcessFaults.all(), ProcessFaults.deaths())) {
			assertThat(kinds.get(0).draw(new Random(1), Form.SHORT).kind()).isEqualTo("worker killed");
		}
		assertThat(seeds().mapToObj((seed) -> plan(seed, Form.SHORT, 30).get(0))).containsOnly("0");
	}

	@Test
	void theOtherFaultsOfAShortRunAreLeftToTheSeed() {
		assertThat(seeds().mapToObj((seed) -> plan(seed, Form.SHORT, 30)).collect(Collectors.toSet()))
			.hasSizeGreaterThan(10)
			.allSatisfy((plan) -> assertThat(plan).doesNotHaveDuplicates().hasSize(Form.SHORT.faults()));
	}

	@Test
	void eachKindStrikesInAFullRun() {
		assertThat(seeds().mapToObj((seed) -> plan(seed, Form.FULL, 30)))
			.allSatisfy((plan) -> assertThat(plan).doesNotHaveDuplicates().hasSize(30));
	}

	@Test
	void fewKindsStrikeThreeTimes() {
		assertThat(plan(1, Form.FULL, 6)).hasSize(18);
		assertThat(new HashSet<>(plan(1, Form.FULL, 6))).hasSize(6);
	}

	@Test
	void fourSeedsInARowDiffer() {
		Set<String> kinds = seeds().limit(4)
			.mapToObj((seed) -> ChaosTests.client(seed) + ChaosTests.isVirtual(seed))
			.collect(Collectors.toSet());
		int clients = (System.getProperty("test.client") != null) ? 1 : 2;
		int threads = (Runtime.version().feature() >= 25) ? 2 : 1;
		assertThat(kinds).hasSize(clients * threads);
	}

	private static LongStream seeds() {
		return LongStream.rangeClosed(1, 100);
	}

	private static List<String> plan(long seed, Form form, int kinds) {
		List<Fault.Kind> named = IntStream.range(0, kinds).<Fault
				.Kind>mapToObj(
						(kind) -> (random, any) -> new Fault(String.valueOf(kind), "", (stage) -> Strike.harmless()))
			.toList();
		List<String> plan = new ArrayList<>();
		new Plan(seed, form, named).forEachRemaining((fault) -> plan.add(fault.kind()));
		return plan;
	}

}
