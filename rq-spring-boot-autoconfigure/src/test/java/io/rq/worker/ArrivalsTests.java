package io.rq.worker;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.dao.QueryTimeoutException;

import io.rq.lifecycle.Outage;
import io.rq.lifecycle.TimeSource;
import io.rq.redis.ExecutionStore;
import io.rq.redis.JobStore;
import io.rq.redis.MaintenanceStore;
import io.rq.redis.QueueWait;
import io.rq.redis.WorkerCommands;
import io.rq.redis.WorkerStore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyBoolean;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link Arrivals}.
 */
@Timeout(60)
class ArrivalsTests {

	private static final QueryTimeoutException SILENCE = new QueryTimeoutException("nothing was heard");

	private final CountDownLatch failed = new CountDownLatch(2);

	@Test
	void whatAWaitMayHaveTakenThatFailedIsGivenBackUntilThatWorks() throws InterruptedException {
		Arrivals arrivals = new Arrivals(WorkerOptions.of("w1", "a", "b"), stores(), () -> true, () -> {
		}, new Outage());
		arrivals.await(Set.of(), Duration.ofMillis(50));
		assertThat(this.failed.await(20, TimeUnit.SECONDS)).isTrue();
		arrivals.requestStop();
		arrivals.terminate(Duration.ofSeconds(5), Duration.ofSeconds(5));
		assertThatExceptionOfType(QueryTimeoutException.class).isThrownBy(() -> arrivals.giveBackTaken(() -> {
			throw SILENCE;
		}));
		AtomicInteger times = new AtomicInteger();
		arrivals.giveBackTaken(times::incrementAndGet);
		arrivals.giveBackTaken(times::incrementAndGet);
		assertThat(times).hasValue(1);
	}

	private WorkerStores stores() {
		return new WorkerStores(mock(ExecutionStore.class), mock(JobStore.class), mock(WorkerStore.class),
				mock(MaintenanceStore.class), (queue, worker) -> {
					QueueWait wait = mock(QueueWait.class);
					given(wait.queue()).willReturn(queue);
					given(wait.await(any(Duration.class), anyBoolean())).willAnswer((call) -> {
						this.failed.countDown();
						throw SILENCE;
					});
					return wait;
				}, mock(WorkerCommands.class), mock(TimeSource.class));
	}

}
