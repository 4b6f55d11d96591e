package io.rq.worker;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisCredentialsProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import redis.clients.jedis.DefaultRedisCredentials;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.exceptions.JedisException;

import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.jedis.JedisClientConfiguration;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.lettuce.RedisCredentialsProviderFactory;

import io.rq.job.Job;
import io.rq.job.JobOptions;
import io.rq.job.JobStatus;
import io.rq.job.Retry;
import io.rq.lifecycle.Listeners;
import io.rq.redis.connection.ConnectionListener;
import io.rq.redis.connection.ConnectionTrouble;
import io.rq.redis.connection.OwnConnections;
import io.rq.redis.connection.OwnConnections.Use;
import io.rq.test.FaultProxy;
import io.rq.test.OneRedis;
import io.rq.test.RedisClients;
import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for workers whose Redis answers for a while that it is not the one to ask, or not
 * now, or not on this connection: work goes on by itself when it has changed its mind.
 */
@OneRedis("has a proxy before a server of its own")
class RedisRefusalTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(1);

	/** The time-out and two seconds, and some for a slow machine. */
	private static final Duration SOON = Duration.ofSeconds(6);

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final WorkerOptions.Timing TIMING = new WorkerOptions.Timing(Duration.ofSeconds(20),
			Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofMillis(500),
			Duration.ofMillis(500));

	private static final WorkerOptions.Timing SHORT_LEASE = new WorkerOptions.Timing(Duration.ofSeconds(2),
			Duration.ofMillis(500), Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofMillis(500),
			Duration.ofMillis(500));

	/** Redis takes some seconds to load these. */
	private static final int MANY_KEYS = 60_000;

	private static final String PASSWORD = "secret";

	private final TestRedis redis = TestRedis.start("--appendonly", "yes", "--appendfsync", "always",
			"--repl-diskless-sync-delay", "0", "--key-load-delay", "100");

	private final FaultProxy proxy = FaultProxy.to(this.redis);

	private final AtomicReference<@Nullable String> password = new AtomicReference<>();

	private final RedisConnectionFactory application = connect();

	private final List<ConnectionTrouble> replaced = new CopyOnWriteArrayList<>();

	private final RedisConnectionFactory engine = own(Use.engine(TIMEOUT));

	private final RedisConnectionFactory caller = own(new Use(TIMEOUT, true, 2));

	private final WorkerBench bench = new WorkerBench(this.engine);

	private final List<String> runs = new CopyOnWriteArrayList<>();

	private final List<String> failures = new CopyOnWriteArrayList<>();

	private final CountDownLatch released = new CountDownLatch(1);

	@AfterEach
	void close() {
		this.released.countDown();
		this.bench.close();
		RedisClients.close(this.caller);
		RedisClients.close(this.engine);
		RedisClients.close(this.application);
		this.proxy.close();
		this.redis.close();
	}

	/**
	 * Connections whose password is asked for each time, as with passwords that rotate.
	 */
	private RedisConnectionFactory connect() {
		RedisStandaloneConfiguration server = new RedisStandaloneConfiguration("127.0.0.1", this.proxy.port());
		return RedisClients.name().equals("jedis") ? jedis(server) : lettuce(server);
	}

	private JedisConnectionFactory jedis(RedisStandaloneConfiguration server) {
		JedisConnectionFactory factory = new JedisConnectionFactory(server,
				JedisClientConfiguration.builder()
					.readTimeout(TIMEOUT)
					.customizeClientConfig((config) -> config
						.credentialsProvider(() -> new DefaultRedisCredentials(null, this.password.get())))
					.build());
		factory.afterPropertiesSet();
		factory.start();
		return factory;
	}

	private LettuceConnectionFactory lettuce(RedisStandaloneConfiguration server) {
		RedisCredentialsProvider passwords = () -> Mono.fromSupplier(this::credentials);
		LettuceConnectionFactory factory = new LettuceConnectionFactory(server,
				LettuceClientConfiguration.builder()
					.commandTimeout(TIMEOUT)
					.redisCredentialsProviderFactory(new RedisCredentialsProviderFactory() {
						@Override
						public RedisCredentialsProvider createCredentialsProvider(RedisConfiguration configuration) {
							return passwords;
						}
					})
					.build());
		factory.afterPropertiesSet();
		factory.start();
		return factory;
	}

	private RedisCredentials credentials() {
		String current = this.password.get();
		return RedisCredentials.just(null, (current != null) ? current.toCharArray() : null);
	}

	private RedisConnectionFactory own(Use use) {
		return Objects.requireNonNull(OwnConnections.like(this.application, use,
				new Listeners<>(List.<ConnectionListener>of(this.replaced::add))));
	}

	private WorkerContainer start(String queues) {
		return start(queues, TIMING);
	}

	private WorkerContainer start(String queues, WorkerOptions.Timing timing) {
		this.bench.handle("count", (context, args) -> this.runs.add(context.job().id()));
		this.bench.handle("hold", (context, args) -> {
			this.runs.add(context.job().id());
			this.released.await();
			return null;
		});
		return this.bench.worker("worker-1",
				(options) -> options.withTiming(timing).withQueues(List.of(queues.split(","))));
	}

	private Job running() {
		Job job = this.bench.jobs().enqueue("hold");
		await().atMost(PATIENCE).until(() -> this.runs.contains(job.id()));
		return job;
	}

	/** A run that lasted through the trouble has its end recorded, and new jobs run. */
	private void goesOn(Job running) {
		this.released.countDown();
		finishes(running);
		Job job = new WorkerBench(this.caller).jobs().enqueue("count");
		finishes(job);
		assertThat(this.runs).containsExactly(running.id(), job.id());
	}

	private void finishes(Job job) {
		WorkerBench eye = new WorkerBench(this.caller);
		await().atMost(SOON).until(() -> eye.status(job) == JobStatus.FINISHED);
	}

	/** Waits until Redis has refused some calls with a kind of error. */
	private static void awaitRefusals(TestRedis redis, String kind, int count) {
		await().atMost(PATIENCE).ignoreExceptionsInstanceOf(JedisException.class).until(() -> {
			try (Jedis jedis = new Jedis(redis.host(), redis.port())) {
				if (kind.equals("NOAUTH")) {
					jedis.auth(PASSWORD);
				}
				return refusals(jedis.info("errorstats"), kind) >= count;
			}
		});
	}

	private static int refusals(String statistics, String kind) {
		String name = "errorstat_" + kind + ":count=";
		return statistics.lines()
			.filter((line) -> line.startsWith(name))
			.mapToInt((line) -> Integer.parseInt(line.substring(name.length()).trim()))
			.findFirst()
			.orElse(0);
	}

	private static void execute(TestRedis redis, String command, String... arguments) {
		try (RedisConnection connection = redis.connectionFactory().getConnection()) {
			byte[][] bytes = new byte[arguments.length][];
			for (int i = 0; i < bytes.length; i++) {
				bytes[i] = arguments[i].getBytes(StandardCharsets.UTF_8);
			}
			connection.execute(command, bytes);
		}
	}

	@Test
	void workGoesOnWhenRedisHasLoadedItsData() {
		start("default");
		Job running = running();
		try (Jedis jedis = new Jedis(this.redis.host(), this.redis.port())) {
			Pipeline pipeline = jedis.pipelined();
			for (int i = 0; i < MANY_KEYS; i++) {
				pipeline.set("other:" + i, "x");
			}
			pipeline.sync();
		}
		this.redis.kill();
		CompletableFuture<Void> loaded = CompletableFuture.runAsync(this.redis::restart, new SimpleAsyncTaskExecutor());
		awaitRefusals(this.redis, "LOADING", 1);
		assertThat(loaded).isNotDone();
		loaded.join();
		goesOn(running);
		assertThat(this.replaced).isNotEmpty();
	}

	@Test
	void workGoesOnWhenAReplicaThatHasLostItsPrimaryIsPromoted() {
		start("high,default");
		try (TestRedis replica = TestRedis.start("--replicaof", this.redis.host(), String.valueOf(this.redis.port()),
				"--replica-serve-stale-data", "no")) {
			WorkerBench there = new WorkerBench(replica.connectionFactory());
			Job running = running();
			await().atMost(PATIENCE).ignoreExceptions().until(() -> there.status(running) == JobStatus.STARTED);
			this.proxy.moveTo(replica);
			this.redis.kill();
			awaitRefusals(replica, "MASTERDOWN", 5);
			execute(replica, "REPLICAOF", "NO", "ONE");
			goesOn(running);
			assertThat(this.replaced).isNotEmpty();
			this.bench.close();
		}
	}

	@Test
	void refusalThatStaysIsAProblemWithItsCauseUntilItEnds() {
		WorkerContainer worker = start("high,default", SHORT_LEASE);
		Job running = running();
		execute(this.redis, "CONFIG", "SET", "requirepass", PASSWORD);
		this.proxy.cut();
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(worker.state().problems())
				.anySatisfy((problem) -> assertThat(problem).matches(".*(NOAUTH|unauthenticated).*")));
		execute(this.redis, "CONFIG", "SET", "requirepass", "");
		goesOn(running);
		await().atMost(SOON).untilAsserted(() -> assertThat(worker.state().problems()).isEmpty());
		assertThat(this.replaced).isNotEmpty();
	}

	@Test
	void workGoesOnWithAPasswordThatHasChanged() {
		start("default");
		Job running = running();
		execute(this.redis, "CONFIG", "SET", "requirepass", PASSWORD);
		this.proxy.cut();
		awaitRefusals(this.redis, "NOAUTH", 5);
		this.password.set(PASSWORD);
		goesOn(running);
		assertThat(this.replaced).isNotEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "default", "high,default" })
	void workGoesOnWhenWaitsAreEndedWithAnError(String queues) {
		start(queues);
		Job running = running();
		AtomicLong ended = new AtomicLong();
		await().atMost(PATIENCE).until(() -> ended.addAndGet(this.redis.endWaits()) >= 3);
		goesOn(running);
		assertThat(this.replaced).isNotEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "default", "high,default" })
	void retriesInAFullRedisAreTakenAtOnceAndNoneIsUsedUp(String queues) {
		this.bench.handle("fail", JobOptions.NONE.withRetry(Retry.max(3)), (context, args) -> {
			this.failures.add(context.job().id());
			if (this.failures.size() <= 3) {
				throw new IllegalStateException("not yet");
			}
			return null;
		});
		start(queues);
		Job running = running();
		Job job = this.bench.jobs().enqueue("fail");
		execute(this.redis, "CONFIG", "SET", "maxmemory", "1");
		finishes(job);
		assertThat(this.failures).hasSize(4);
		execute(this.redis, "CONFIG", "SET", "maxmemory", "0");
		goesOn(running);
		assertThat(this.replaced).isEmpty();
	}

	private void awaitReplaced(int count) {
		await().atMost(PATIENCE).until(() -> this.replaced.size() >= count);
	}

	@Test
	void outcomeThatRedisDoesNotTakeForAWhileIsRecordedThen() {
		start("default");
		Job running = running();
		execute(this.redis, "CONFIG", "SET", "min-replicas-to-write", "1");
		awaitReplaced(1);
		this.released.countDown();
		awaitReplaced(this.replaced.size() + 2);
		execute(this.redis, "CONFIG", "SET", "min-replicas-to-write", "0");
		goesOn(running);
	}

}
