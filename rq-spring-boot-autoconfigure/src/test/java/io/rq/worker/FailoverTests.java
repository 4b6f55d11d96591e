package io.rq.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import redis.clients.jedis.Jedis;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.jedis.JedisClientConfiguration;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import io.rq.lifecycle.Listeners;
import io.rq.redis.connection.ConnectionListener;
import io.rq.redis.connection.ConnectionTrouble;
import io.rq.redis.connection.OwnConnections;
import io.rq.redis.connection.OwnConnections.Use;
import io.rq.redis.QueueWait;
import io.rq.redis.RedisScripts;
import io.rq.template.JobTemplate;
import io.rq.test.FaultProxy;
import io.rq.test.OneRedis;
import io.rq.test.RedisClients;
import io.rq.test.TestRedis;
import io.rq.test.TestSentinel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for producers whose primary freezes, and is replaced by Sentinel while their
 * connections to it stay open. The client has the time-outs it comes with.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "sends POSIX signals")
@OneRedis("a replica takes the place of a server of its own")
class FailoverTests {

	/** What a call may take, and some for a slow machine. */
	private static final Duration BOUND = Duration.ofSeconds(8);

	/** Well below the ten seconds that Sentinel lets a former primary be one. */
	private static final Duration SOON = Duration.ofSeconds(4);

	/** Longer than anything else may be silent. */
	private static final Duration SILENCE = Duration.ofSeconds(6);

	/** Longer than a former primary may be one. */
	private static final Duration LONG_WAIT = Duration.ofSeconds(60);

	private final TestRedis primary = TestRedis.start("--repl-diskless-sync-delay", "0");

	private final TestRedis replica = TestRedis.start("--replicaof", "127.0.0.1", String.valueOf(this.primary.port()));

	private final TestSentinel sentinel = TestSentinel.watch(this.primary);

	private final RedisConnectionFactory application = connect(this.sentinel.port());

	private final List<ConnectionTrouble> replaced = new CopyOnWriteArrayList<>();

	private final RedisConnectionFactory caller = Objects.requireNonNull(OwnConnections.like(this.application,
			Use.APPLICATION, new Listeners<>(List.<ConnectionListener>of(this.replaced::add))));

	private final JobTemplate jobs = new WorkerBench(this.caller).jobs();

	private static RedisConnectionFactory connect(int sentinel) {
		RedisSentinelConfiguration server = new RedisSentinelConfiguration(TestSentinel.MASTER,
				Set.of("127.0.0.1:" + sentinel));
		if (RedisClients.name().equals("jedis")) {
			JedisConnectionFactory jedis = new JedisConnectionFactory(server,
					JedisClientConfiguration.builder().usePooling().build());
			jedis.afterPropertiesSet();
			jedis.start();
			return jedis;
		}
		LettuceConnectionFactory lettuce = new LettuceConnectionFactory(server);
		lettuce.afterPropertiesSet();
		lettuce.start();
		return lettuce;
	}

	@AfterEach
	void close() {
		RedisClients.close(this.caller);
		RedisClients.close(this.application);
		this.sentinel.close();
		this.replica.close();
		this.primary.close();
	}

	@Test
	void aCallEndsWhileThePrimaryIsFrozenAndLaterOnesReachItsSuccessor() {
		this.jobs.enqueue("work");
		this.primary.pause();
		long start = System.nanoTime();
		long longest = 0;
		boolean accepted = false;
		while (!accepted && System.nanoTime() - start < BOUND.multipliedBy(3).toNanos()) {
			long call = System.nanoTime();
			accepted = isAccepted();
			longest = Math.max(longest, System.nanoTime() - call);
		}
		assertThat(accepted).isTrue();
		assertThat(Duration.ofNanos(longest)).isLessThan(BOUND);
		assertThat(this.sentinel.primaryPort()).isEqualTo(this.replica.port());
	}

	private boolean isAccepted() {
		try {
			this.jobs.enqueue("work");
			return true;
		}
		catch (DataAccessException ex) {
			return false;
		}
	}

	@Test
	void aFormerPrimaryThatDoesNotKnowYetGetsNoMoreJobs() {
		this.jobs.enqueue("work");
		this.primary.pause();
		this.sentinel.awaitFailover(this.primary);
		this.primary.resume();
		await().atMost(SOON).until(() -> isStored(this.jobs.enqueue("work").id()));
		List<String> ids = new ArrayList<>();
		for (int i = 0; i < 200; i++) {
			ids.add(this.jobs.enqueue("work").id());
		}
		assertThat(ids).allMatch(this::isStored);
		assertThat(this.replaced).contains(ConnectionTrouble.FAILOVER);
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void sentinelIsListenedToWithoutAPause(CapturedOutput output) {
		RedisConnectionFactory engine = Objects.requireNonNull(
				OwnConnections.like(this.application, Use.engine(Duration.ofSeconds(2)), new Listeners<>(List.of())));
		try {
			// those that Jedis itself makes for the application listen too
			int listeners = RedisClients.name().equals("jedis") ? 3 : 2;
			await().atMost(BOUND.multipliedBy(2)).until(() -> {
				List<Duration> ages = this.sentinel.listeners();
				return ages.size() == listeners && ages.stream().allMatch((age) -> age.compareTo(SILENCE) > 0);
			});
			// a client that has given up leaves its connection open for a while
			assertThat(output).doesNotContain("Lost connection");
			this.sentinel.hangUp();
			await().atMost(SOON).until(() -> this.sentinel.listeners().size() == 2);
		}
		finally {
			RedisClients.close(engine);
		}
	}

	@Test
	void aNewPrimaryIsFoundThoughNothingIsHeardOfIt() {
		try (FaultProxy proxy = FaultProxy.to(this.sentinel)) {
			RedisConnectionFactory application = connect(proxy.port());
			RedisConnectionFactory caller = Objects
				.requireNonNull(OwnConnections.like(application, Use.APPLICATION, Listeners.none()));
			try {
				JobTemplate jobs = new WorkerBench(caller).jobs();
				jobs.enqueue("work");
				proxy.goDeaf();
				this.sentinel.failover();
				this.sentinel.awaitFailover(this.primary);
				await().atMost(BOUND.multipliedBy(2)).until(() -> isStored(jobs.enqueue("work").id()));
			}
			finally {
				RedisClients.close(caller);
				RedisClients.close(application);
			}
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aWaitForJobsOfTheFormerPrimaryEnds(boolean onRecord) throws Exception {
		RedisConnectionFactory engine = Objects
			.requireNonNull(OwnConnections.like(this.application, Use.engine(LONG_WAIT), Listeners.none()));
		try (QueueWait wait = new QueueWait(new RedisScripts(engine), "default", "w1", LONG_WAIT)) {
			CompletableFuture<Boolean> taken = CompletableFuture.supplyAsync(() -> wait.await(LONG_WAIT, onRecord),
					new SimpleAsyncTaskExecutor());
			await().until(() -> blocked() == 1);
			this.sentinel.failover();
			this.sentinel.awaitFailover(this.primary);
			assertThat(taken.get(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
			await().atMost(SOON).until(() -> blocked() == 0);
			this.jobs.enqueue("work");
			assertThat(wait.await(LONG_WAIT, onRecord)).isTrue();
		}
		finally {
			RedisClients.close(engine);
		}
	}

	private int blocked() {
		try (Jedis jedis = new Jedis(this.primary.host(), this.primary.port())) {
			return Integer.parseInt(jedis.info("clients").replaceFirst("(?s).*blocked_clients:(\\d+).*", "$1"));
		}
	}

	private boolean isStored(String id) {
		try (Jedis jedis = new Jedis(this.replica.host(), this.replica.port())) {
			return jedis.exists("rq:job:" + id);
		}
	}

}
