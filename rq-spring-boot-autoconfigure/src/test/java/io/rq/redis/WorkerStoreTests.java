package io.rq.redis;

import java.time.Duration;
import java.util.List;
import java.util.Properties;

import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.RedisConnection;

import io.rq.queue.RegisteredWorker;
import io.rq.redis.WorkerStore.WorkerIdentity;
import io.rq.redis.WorkerStore.WorkerSkills;
import io.rq.test.TestStores;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@code register.lua}, {@code unregister.lua} and {@link WorkerStore}.
 */
class WorkerStoreTests extends AbstractStoreTests {

	private static final Duration TTL = Duration.ofSeconds(480);

	private final WorkerIdentity worker = worker(42);

	private static WorkerIdentity worker(long pid) {
		return new WorkerIdentity("worker-1", List.of("high", "default"), "host-1", pid, NOW, "0.1.0", "Java 17.0.15");
	}

	@Test
	void workerIsRegisteredAsRqRegistersIt() {
		assertThat(this.workers.register(this.worker, TestStores.UNTOLD, TTL)).isTrue();
		assertThat(state()).isEqualTo("""
				rq:takers:default set
				  worker-1
				rq:takers:high set
				  worker-1
				rq:worker:worker-1 hash ttl 480
				  birth 2026-01-31T12:00:00.123456Z
				  hostname host-1
				  ip_address host:port
				  last_heartbeat 2026-01-31T12:00:00.123456Z
				  pid 42
				  python_version Java 17.0.15
				  queues high,default
				  state started
				  version 0.1.0
				rq:workers set
				  rq:worker:worker-1
				rq:workers:default set
				  rq:worker:worker-1
				rq:workers:high set
				  rq:worker:worker-1
				""");
		String address = this.redis.state().hash("rq:worker:worker-1").get("ip_address");
		assertThat(this.workers.workers()).singleElement()
			.isEqualTo(new RegisteredWorker("worker-1", List.of("high", "default"), "started", null,
					new RegisteredWorker.Process("host-1", address, "42", "0.1.0", "Java 17.0.15"),
					new RegisteredWorker.Life(NOW, NOW), new RegisteredWorker.Work(0, 0, Duration.ZERO)));
	}

	@Test
	void workerTellsWhatItCanRunUnlessThatIsTooMuch() {
		this.workers.register(this.worker, new WorkerSkills(4, List.of("b", "a")), TTL);
		assertThat(this.redis.state().hash("rq:worker:worker-1")).containsEntry("functions", "a\nb")
			.containsEntry("concurrency", "4");
		this.template.delete("rq:worker:worker-1");
		this.workers.register(this.worker, new WorkerSkills(4, List.of("a".repeat(WorkerSkills.MOST_CHARACTERS))), TTL);
		assertThat(this.redis.state().hash("rq:worker:worker-1")).containsEntry("concurrency", "4")
			.doesNotContainKey("functions");
	}

	@Test
	void functionsAreNotReadWhereTheyAreNotShown() {
		List<String> functions = List.of("a".repeat(WorkerSkills.MOST_CHARACTERS - 1));
		this.workers.register(this.worker, new WorkerSkills(4, functions), TTL);
		assertThat(this.redis.state().hash("rq:worker:worker-1")).containsKey("functions");
		long before = bytesRead();
		assertThat(this.workers.workers()).extracting(RegisteredWorker::name).containsExactly("worker-1");
		assertThat(bytesRead() - before).isLessThan(WorkerSkills.MOST_CHARACTERS);
	}

	/** What Redis has sent, the answer to this call not included. */
	private long bytesRead() {
		try (RedisConnection connection = this.redis.connectionFactory().getConnection()) {
			Properties info = connection.serverCommands().info("stats");
			assertThat(info).isNotNull();
			return Long.parseLong(info.getProperty("total_net_output_bytes"));
		}
	}

	@Test
	void functionsAreThoseOfTheWorkersThatTellAndCompleteIfAllDo() {
		assertThat(this.workers.functions("default")).isEmpty();
		this.workers.register(this.worker, new WorkerSkills(4, List.of("b", "a")), TTL);
		assertThat(this.workers.functions("default"))
			.hasValueSatisfying((functions) -> assertThat(functions).containsExactly("a", "b"));
		this.workers.register(new WorkerIdentity("python", List.of("default"), "host-1", 43, NOW, "2.10", "3.12"),
				TestStores.UNTOLD, TTL);
		assertThat(this.workers.functions("default")).isEmpty();
		assertThat(this.workers.toldFunctions("default")).containsExactly("a", "b");
	}

	@Test
	void nameOfALivingWorkerIsRefused() {
		this.workers.register(this.worker, TestStores.UNTOLD, TTL);
		String before = state();
		assertThat(this.workers.register(worker(43), TestStores.UNTOLD, TTL)).isFalse();
		assertThat(state()).isEqualTo(before);
	}

	@Test
	void workerMayRegisterAgainAndGoesOnCounting() {
		this.workers.register(this.worker, TestStores.UNTOLD, TTL);
		hash("rq:worker:worker-1", "successful_job_count", "7");
		this.template.expire("rq:worker:worker-1", Duration.ofSeconds(5));
		assertThat(this.workers.register(this.worker, TestStores.UNTOLD, TTL)).isTrue();
		assertThat(state("rq:worker:")).startsWith("rq:worker:worker-1 hash ttl 480\n")
			.contains("successful_job_count 7");
	}

	@Test
	void nameOfADeadWorkerBeginsAnew() {
		this.workers.register(this.worker, TestStores.UNTOLD, TTL);
		hash("rq:worker:worker-1", "successful_job_count", "7", "shutdown_requested_date", STAMP);
		this.workers.unregister(this.worker);
		assertThat(this.workers.register(worker(43), TestStores.UNTOLD, TTL)).isTrue();
		assertThat(this.redis.state().hash("rq:worker:worker-1")).containsEntry("pid", "43")
			.doesNotContainKeys("death", "successful_job_count", "shutdown_requested_date");
	}

	@Test
	void workerLeavesTheRecordAsRqLeavesIt() {
		this.workers.register(this.worker, TestStores.UNTOLD, TTL);
		this.workers.unregister(this.worker);
		assertThat(state()).isEqualTo("""
				rq:takers:default set
				  worker-1
				rq:takers:high set
				  worker-1
				rq:worker:worker-1 hash ttl 60
				  birth 2026-01-31T12:00:00.123456Z
				  death 2026-01-31T12:00:00.123456Z
				  hostname host-1
				  ip_address host:port
				  last_heartbeat 2026-01-31T12:00:00.123456Z
				  pid 42
				  python_version Java 17.0.15
				  queues high,default
				  state started
				  version 0.1.0
				""");
	}

	@Test
	void expiredRegistrationDoesNotComeBack() {
		this.workers.register(this.worker, TestStores.UNTOLD, TTL);
		this.template.delete("rq:worker:worker-1");
		this.workers.unregister(this.worker);
		assertThat(this.redis.state().keys()).containsOnlyKeys("rq:takers:default", "rq:takers:high");
	}

	@Test
	void workersWhoseRegistrationIsGoneAreNotListed() {
		this.workers.register(this.worker, TestStores.UNTOLD, TTL);
		this.template.opsForSet().add("rq:workers", "rq:worker:gone");
		assertThat(this.workers.workers()).extracting(RegisteredWorker::name).containsExactly("worker-1");
	}

	@Test
	void whatAnotherHasWrittenAndCannotBeReadIsLeftOut() {
		this.template.opsForSet().add("rq:workers", "rq:worker:b", "rq:worker:a");
		hash("rq:worker:b", "birth", "yesterday", "last_heartbeat", STAMP, "successful_job_count", "many",
				"failed_job_count", "2", "total_working_time", "1.5");
		hash("rq:worker:a", "state", "idle");
		assertThat(this.workers.workers()).extracting(RegisteredWorker::name).containsExactly("a", "b");
		RegisteredWorker worker = this.workers.workers().get(1);
		assertThat(worker.life()).isEqualTo(new RegisteredWorker.Life(null, NOW));
		assertThat(worker.work()).isEqualTo(new RegisteredWorker.Work(0, 2, Duration.ofMillis(1500)));
		assertThat(worker.queues()).isEmpty();
	}

	@Test
	void manyWorkersAreReadInParts() {
		for (int i = 0; i < 1_000; i++) {
			this.template.opsForHash().put("rq:worker:w" + i, "queues", "default");
			this.template.opsForSet().add("rq:workers", "rq:worker:w" + i);
		}
		this.template.opsForSet().add("rq:workers", "rq:worker:string");
		this.template.opsForValue().set("rq:worker:string", "no hash");
		assertThat(this.workers.workers()).hasSize(1_000)
			.allMatch((worker) -> worker.queues().equals(List.of("default")));
	}

	@Test
	void suspensionIsSeen() {
		assertThat(this.workers.isSuspended()).isFalse();
		this.template.opsForValue().set("rq:suspended", "1");
		assertThat(this.workers.isSuspended()).isTrue();
	}

}
