package io.rq.worker;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link QueueOrder}.
 */
class QueueOrderTests {

	private static final List<String> QUEUES = List.of("a", "b", "c");

	@Test
	void inTurnTheQueueAfterTheOneThatWasServedIsNext() {
		QueueOrder order = new QueueOrder(QUEUES, DequeueStrategy.ROUND_ROBIN);
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
		QueueOrder order = new QueueOrder(QUEUES, DequeueStrategy.DEFAULT);
		order.served("b");
		assertThat(order.isInTurn()).isFalse();
		assertThat(order.next()).containsExactly("a", "b", "c");
	}

	@Test
	void atRandomAllQueuesHaveTheirTurn() {
		QueueOrder order = new QueueOrder(QUEUES, DequeueStrategy.RANDOM);
		order.served("b");
		assertThat(order.isInTurn()).isTrue();
		assertThat(order.next()).containsExactlyInAnyOrder("a", "b", "c");
	}

}
