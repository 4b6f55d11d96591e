package io.rq.redis;

import java.time.Duration;
import java.util.List;
import java.util.Properties;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

import io.rq.job.DuplicateJobException;
import io.rq.job.NewJob;
import io.rq.job.TooFewReplicasException;
import io.rq.test.RedisClients;
import io.rq.test.TestRedis;
import io.rq.test.TestStores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link MinReplicas} with a Redis that has a replica.
 */
class MinReplicasTests extends AbstractStoreTests {

	private final TestRedis primary = TestRedis.start("--repl-diskless-sync-delay", "0");

	private final TestRedis replica = TestRedis.start("--replicaof", "127.0.0.1", "" + this.primary.port());

	private final JobStore store = store(1, 8_000);

	private JobStore store(int replicas, long millis) {
		return store(this.primary.connectionFactory(), replicas, millis);
	}

	private JobStore store(RedisConnectionFactory connections, int replicas, long millis) {
		return new JobStore(new RedisScripts(connections), this.clock, TestStores.MAX_PAYLOAD,
				new MinReplicas(replicas, Duration.ofMillis(millis)));
	}

	@BeforeEach
	void awaitReplica() {
		await().until(() -> {
			try (RedisConnection connection = this.primary.connectionFactory().getConnection()) {
				Properties info = connection.serverCommands().info("replication");
				return info != null && info.toString().contains("state=online");
			}
		});
	}

	@AfterEach
	void close() {
		this.replica.close();
		this.primary.close();
	}

	@Test
	void jobIsOnTheReplicaWhenEnqueueReturns() {
		for (List<NewJob> jobs : List.of(List.of(job("a")), List.of(given(job("b")), in(job("c"), 60)))) {
			this.store.enqueue(jobs);
			assertThat(this.replica.state().keys()).containsKey("rq:job:" + jobs.get(0).job().id());
		}
		assertThat(this.primary.state().list("rq:queue:default")).containsExactly("a", "b");
	}

	@Test
	void jobThatTooFewReplicasHaveMayExistAndIsSaidTo() {
		this.store.enqueue(List.of(job("first")));
		assertThatExceptionOfType(TooFewReplicasException.class)
			.isThrownBy(() -> store(2, 2_000).enqueue(List.of(job("a"))))
			.withMessageContainingAll("'a'", "1 of 2", "may exist", "rq.template.min-replicas");
		this.replica.pause();
		try {
			assertThatExceptionOfType(TooFewReplicasException.class)
				.isThrownBy(() -> store(1, 300).enqueue(List.of(job("b"), job("c"))))
				.withMessageContaining("0 of 1")
				.satisfies((ex) -> assertThat(ex.getJobIds()).containsExactly("b", "c"));
		}
		finally {
			this.replica.resume();
		}
		assertThat(this.primary.state().list("rq:queue:default")).containsExactly("first", "a", "b", "c");
	}

	@Test
	void jobThatIsThereAlreadyIsNotSafeWithTooFewReplicas() {
		JobStore demanding = store(2, 300);
		for (int call = 0; call < 2; call++) {
			assertThatExceptionOfType(TooFewReplicasException.class)
				.isThrownBy(() -> demanding.enqueue(List.of(unique(job("a")))))
				.withMessageContaining("of 2 replicas");
		}
		assertThat(this.primary.state().list("rq:queue:default")).containsExactly("a");
	}

	/** Since Redis 7.2 a replica is not asked for what the connection has not written. */
	@Test
	void jobThatAnotherHasWrittenIsNotSafeUntilTheReplicaHasIt() {
		this.replica.pause();
		RedisConnectionFactory other = this.primary.newConnectionFactory();
		try {
			store(other, 0, 300).enqueue(List.of(job("a")));
			assertThatExceptionOfType(TooFewReplicasException.class)
				.isThrownBy(() -> store(1, 300).enqueue(List.of(unique(job("a")))))
				.withMessageContaining("0 of 1");
		}
		finally {
			RedisClients.close(other);
			this.replica.resume();
		}
		assertThatExceptionOfType(DuplicateJobException.class)
			.isThrownBy(() -> this.store.enqueue(List.of(unique(job("a")))));
	}

	@Test
	void jobThatIsRefusedIsRefusedAsWithoutReplicas() {
		this.store.enqueue(List.of(job("a")));
		assertThatExceptionOfType(DuplicateJobException.class)
			.isThrownBy(() -> this.store.enqueue(List.of(unique(job("a")))));
		new StringRedisTemplate(this.primary.connectionFactory()).opsForValue().set("rq:queue:bad", "no list");
		assertThatExceptionOfType(ScriptRefusedException.class)
			.isThrownBy(() -> this.store.enqueue(List.of(on("bad", job("b")))));
	}

}
