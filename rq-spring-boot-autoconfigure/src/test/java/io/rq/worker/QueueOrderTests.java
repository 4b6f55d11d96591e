package io.rq.worker;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;

import io.rq.job.Partitions;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link QueueOrder}.
 */
class QueueOrderTests {

	private static final List<String> QUEUES = List.of("a", "b", "c");

	@Test
	void inTurnTheQueueAfterTheOneThatWasServedIsNext() {
		QueueOrder order = new QueueOrder(QUEUES, Partitions.NONE, DequeueStrategy.ROUND_ROBIN);
		assertThat(order.isInTurn()).isTrue();
		assertThat(order.next()).containsExactly("a", "b", "c");
		assertThat(order.next()).as("nothing was served").containsExactly("a", "b", "c");
		order.served("b");
		assertThat(order.next()).containsExactly("c", "a", "b");
		order.served("b");
		assertThat(order.next()).containsExactly("c", "a", "b");
		order.served("c");
		assertThat(order.next()).containsExactly("a", "b", "c");
	}

	@Test
	void otherwiseTheFirstQueueStaysTheFirst() {
		QueueOrder order = new QueueOrder(QUEUES, Partitions.NONE, DequeueStrategy.DEFAULT);
		order.served("b");
		assertThat(order.isInTurn()).isFalse();
		assertThat(order.next()).containsExactly("a", "b", "c");
	}

	@Test
	void partitionsAreServedInTurnInThePlaceOfTheirQueue() {
		Partitions partitions = new Partitions(Map.of("b", 2));
		QueueOrder order = new QueueOrder(partitions.of(QUEUES), partitions, DequeueStrategy.DEFAULT);
		assertThat(order.next()).startsWith("a").endsWith("c").hasSize(5);
		for (int i = 0; i < 2; i++) {
			order.served("b.0");
			assertThat(order.next()).containsExactly("a", "b.1", "b", "b.0", "c");
		}
		order.served("a");
		assertThat(order.next()).containsExactly("a", "b.1", "b", "b.0", "c");
	}

	@Test
	void workersBeginAtDifferentPartitions() {
		Partitions partitions = new Partitions(Map.of("b", 2));
		Set<String> first = new HashSet<>();
		for (int i = 0; i < 1_000 && first.size() < 3; i++) {
			first.add(new QueueOrder(partitions.of("b"), partitions, DequeueStrategy.DEFAULT).next().get(0));
		}
		assertThat(first).containsExactlyInAnyOrder("b", "b.0", "b.1");
	}

	@Test
	void inTurnTheQueueAfterThatOfAPartitionIsNext() {
		Partitions partitions = new Partitions(Map.of("b", 1));
		QueueOrder order = new QueueOrder(partitions.of(QUEUES), partitions, DequeueStrategy.ROUND_ROBIN);
		order.served("b.0");
		assertThat(order.next()).containsExactly("c", "a", "b", "b.0");
	}

	@Test
	void atRandomAllQueuesHaveTheirTurn() {
		QueueOrder order = new QueueOrder(QUEUES, Partitions.NONE, DequeueStrategy.RANDOM);
		order.served("b");
		assertThat(order.isInTurn()).isTrue();
		assertThat(order.next()).containsExactlyInAnyOrder("a", "b", "c");
	}

}
