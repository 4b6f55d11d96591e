package io.rq.worker;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.data.redis.connection.RedisConnectionFactory;

import io.rq.handler.JobListener;
import io.rq.job.Job;
import io.rq.job.JobRequest;
import io.rq.job.JobStatus;
import io.rq.lifecycle.TimeSource;
import io.rq.redis.Claims;
import io.rq.redis.Execution;
import io.rq.redis.ExecutionStore;
import io.rq.redis.MaintenanceStore;
import io.rq.redis.Outcome;
import io.rq.redis.QueueWait;
import io.rq.redis.RedisScripts;
import io.rq.redis.Retention;
import io.rq.redis.Subscription;
import io.rq.redis.WorkerCommands;
import io.rq.redis.WorkerLease;
import io.rq.test.TestStores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for workers of which one part hangs for longer than a lease, whatever in.
 */
@Timeout(90)
@ExtendWith(OutputCaptureExtension.class)
class HungLoopTests extends AbstractWorkerTests {

	private final RedisScripts scripts;

	private final Queue<String> interrupted = new ConcurrentLinkedQueue<>();

	private final CountDownLatch hangs = new CountDownLatch(1);

	private final CountDownLatch held = new CountDownLatch(1);

	private String wedged = "";

	HungLoopTests(RedisConnectionFactory connections) {
		super(connections);
		this.scripts = TestStores.scripts(connections);
	}

	/** Hangs for ever, but once only, if this is the part that is to. */
	private void pass(String part) {
		if (!part.equals(this.wedged) || this.hangs.getCount() == 0) {
			return;
		}
		this.hangs.countDown();
		try {
			new CountDownLatch(1).await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException("Interrupted", ex);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "fetch", "wait", "finish", "beat", "maintain", "time", "commands" })
	void itIsInterruptedAndGoesOn(String part, CapturedOutput output) throws InterruptedException {
		this.wedged = part;
		this.bench.handle("held", (context, args) -> {
			this.held.await();
			return null;
		}).handle("quick", (context, args) -> null).listen(new JobListener() {
			@Override
			public void interrupted(String hung) {
				HungLoopTests.this.interrupted.add(hung);
			}
		});
		WorkerOptions options = WorkerOptions.of("worker-1", "default")
			.withQueues(List.of("default", "other"))
			.withTiming(WorkerBench.QUICK);
		WorkerContainer worker = this.bench.start(options, stores(options));
		this.bench.jobs().enqueue("held");
		this.bench.jobs().enqueue("quick");
		this.hangs.await();
		await().until(() -> this.interrupted.contains(part));
		assertThat(output).contains("rq-" + part, "has hung for", "is interrupted", "HungLoopTests.pass");
		Job after = this.bench.jobs().enqueue(JobRequest.of("quick").queue("other"));
		awaitStatus(after, JobStatus.FINISHED);
		await().untilAsserted(() -> assertThat(worker.state().problems()).isEmpty());
		this.held.countDown();
	}

	private WorkerStores stores(WorkerOptions options) {
		Clock clock = Clock.systemUTC();
		WorkerLease lease = new WorkerLease(options.name(), options.timing().lease(),
				options.timing().heartbeatInterval());
		WorkerStores stores = this.bench.stores(options);
		return new WorkerStores(new Executions(clock, lease), stores.jobs(), stores.workers(),
				new Maintenance(clock, lease), this::queueWait, new CommandsToIt(options.name()),
				new TimeSource(clock, this::ticks));
	}

	private QueueWait queueWait(String queue, String worker) {
		return new QueueWait(this.scripts, queue, worker, WorkerBench.QUICK.longestWait()) {
			@Override
			public boolean await(Duration timeout, boolean onRecord) {
				pass("wait");
				return super.await(timeout, onRecord);
			}
		};
	}

	private long ticks() {
		if (StackWalker.getInstance()
			.walk((frames) -> frames.anyMatch((frame) -> frame.getClassName().equals(Timekeeper.class.getName())))) {
			pass("time");
		}
		return System.nanoTime();
	}

	private final class Executions extends ExecutionStore {

		Executions(Clock clock, WorkerLease lease) {
			super(HungLoopTests.this.scripts, clock, lease, TestStores.MAX_PAYLOAD);
		}

		@Override
		public Claims claim(List<String> queues, int max, boolean inTurn) {
			pass("fetch");
			return super.claim(queues, max, inTurn);
		}

		@Override
		public Set<Execution> finish(List<Outcome.Finished> ends) {
			pass("finish");
			return super.finish(ends);
		}

		@Override
		public Beat beat(String state, List<String> queues, List<Run> runs) {
			pass("beat");
			return super.beat(state, queues, runs);
		}

	}

	private final class Maintenance extends MaintenanceStore {

		Maintenance(Clock clock, WorkerLease lease) {
			super(HungLoopTests.this.scripts, clock, lease);
		}

		@Override
		public Map<String, Set<Chore>> chores(List<String> queues, long canceledTtlSeconds, Retention retention) {
			pass("maintain");
			return super.chores(queues, canceledTtlSeconds, retention);
		}

	}

	private final class CommandsToIt extends WorkerCommands {

		CommandsToIt(String worker) {
			super(HungLoopTests.this.scripts, worker);
		}

		@Override
		public Subscription subscribe(Listener listener) {
			pass("commands");
			return super.subscribe(listener);
		}

	}

}
