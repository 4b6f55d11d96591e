package io.rq.redis.connection;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisConnectionException;

import io.rq.test.FaultProxy;
import io.rq.test.TestRedis;
import io.rq.test.TestSentinel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link PrimaryCheck}.
 */
class PrimaryCheckTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final TestRedis primary = TestRedis.start("--repl-diskless-sync-delay", "0");

	private final TestRedis replica = TestRedis.start("--replicaof", "127.0.0.1", String.valueOf(this.primary.port()));

	private final TestSentinel sentinel = TestSentinel.watch(this.primary);

	private final FaultProxy proxy = FaultProxy.to(this.sentinel);

	private final AtomicInteger calls = new AtomicInteger();

	private volatile @Nullable HostAndPort connected;

	private @Nullable PrimaryCheck check;

	@AfterEach
	void close() {
		if (this.check != null) {
			this.check.stop();
		}
		this.proxy.close();
		this.sentinel.close();
		this.replica.close();
		this.primary.close();
	}

	private PrimaryCheck check(DefaultJedisClientConfig.Builder config, Integer... ports) {
		SentinelSettings settings = new SentinelSettings(TestSentinel.MASTER,
				Set.copyOf(Stream.of(ports).map(PrimaryCheckTests::local).toList()),
				config.connectionTimeoutMillis(1_000)
					.socketTimeoutMillis(1_000)
					.blockingSocketTimeoutMillis(0)
					.build());
		PrimaryCheck made = new PrimaryCheck(settings, () -> this.connected, this::replace);
		this.check = made;
		return made;
	}

	private PrimaryCheck check(Integer... ports) {
		return check(DefaultJedisClientConfig.builder(), ports);
	}

	private void replace() {
		this.calls.incrementAndGet();
		if (this.check != null) {
			this.connected = this.check.primary();
		}
	}

	private static HostAndPort local(int port) {
		return new HostAndPort("127.0.0.1", port);
	}

	private void failOver() {
		this.sentinel.failover();
		this.sentinel.awaitFailover(this.primary);
	}

	@Test
	void connectionsAreReplacedOnceWhenThereIsANewPrimary() {
		PrimaryCheck check = check(this.proxy.port());
		check.start();
		assertThat(check.primary()).isEqualTo(local(this.primary.port()));
		this.connected = check.primary();
		failOver();
		await().atMost(PATIENCE).until(() -> local(this.replica.port()).equals(this.connected));
		this.proxy.cut();
		await().atMost(PATIENCE).until(() -> this.sentinel.listeners().isEmpty());
		await().atMost(PATIENCE).until(() -> !this.sentinel.listeners().isEmpty());
		assertThat(this.calls).hasValue(1);
	}

	@Test
	void connectionsThatWereNotReplacedAreTriedAgain() {
		PrimaryCheck check = check(this.sentinel.port());
		check.start();
		this.connected = local(1);
		await().atMost(PATIENCE).until(() -> local(this.primary.port()).equals(this.connected));
		failOver();
		await().atMost(PATIENCE).until(() -> this.calls.get() == 2);
		this.connected = local(this.primary.port());
		await().atMost(PATIENCE).until(() -> this.calls.get() == 3);
	}

	@Test
	void aSentinelThatIsBehindIsNotFollowed() {
		try (TestRedis former = TestRedis.start("--repl-diskless-sync-delay", "0");
				TestRedis follower = TestRedis.start("--replicaof", "127.0.0.1", String.valueOf(former.port()));
				TestSentinel behind = TestSentinel.watch(former);
				FaultProxy counted = FaultProxy.to(behind)) {
			failOver();
			PrimaryCheck check = check(this.proxy.port(), counted.port());
			check.start();
			assertThat(check.primary()).isEqualTo(local(this.replica.port()));
			this.connected = check.primary();
			this.proxy.accept(false);
			this.proxy.cut();
			AtomicInteger questions = new AtomicInteger();
			counted.loseReplyTo((request) -> {
				questions.incrementAndGet();
				return false;
			});
			await().atMost(PATIENCE).until(() -> questions.get() > 4);
			assertThat(check.primary().getPort()).isNotIn(former.port(), follower.port());
			assertThat(this.calls).hasValue(0);
		}
	}

	@Test
	void whoMayAskForNothingElseIsToldThePrimary() {
		startAs("+@connection", "+sentinel|get-master-addr-by-name");
		failOver();
		await().atMost(PATIENCE).until(() -> local(this.replica.port()).equals(this.connected));
		assertThat(this.sentinel.listeners()).isEmpty();
	}

	@Test
	void whoMayListenToTheNewsDoes() {
		startAs("+@connection", "+sentinel|get-master-addr-by-name", "+sentinel|master", "+subscribe",
				"&+switch-master", "&+promoted-slave");
		await().atMost(PATIENCE).until(() -> this.sentinel.listeners().size() == 1);
	}

	private void startAs(String... rights) {
		try (Jedis admin = new Jedis("127.0.0.1", this.sentinel.port())) {
			admin.aclSetUser("asker",
					Stream.concat(Stream.of("reset", "on", ">secret", "resetchannels"), Stream.of(rights))
						.toArray(String[]::new));
		}
		PrimaryCheck check = check(DefaultJedisClientConfig.builder().user("asker").password("secret"),
				this.sentinel.port());
		check.start();
		this.connected = check.primary();
	}

	@Test
	void aStartWithoutAnyAnswerFailsWithWhatWasAskedFor() {
		this.proxy.accept(false);
		PrimaryCheck check = check(this.proxy.port());
		assertThatExceptionOfType(JedisConnectionException.class).isThrownBy(check::start)
			.withMessage("None of the Sentinels at [127.0.0.1:%d] tells which server is the primary %s"
				.formatted(this.proxy.port(), TestSentinel.MASTER));
		assertThat(threads()).isEmpty();
	}

	@Test
	void noThreadOutlivesIt() {
		PrimaryCheck check = check(this.sentinel.port());
		check.start();
		await().atMost(PATIENCE).until(() -> this.sentinel.listeners().size() == 1);
		assertThat(threads()).containsExactlyInAnyOrder("rq-sentinel-check", "rq-sentinel-ear");
		check.stop();
		await().atMost(PATIENCE).until(() -> threads().isEmpty());
		await().atMost(PATIENCE).until(() -> this.sentinel.listeners().isEmpty());
	}

	private static List<String> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.map(Thread::getName)
			.filter((name) -> name.startsWith("rq-sentinel-"))
			.toList();
	}

}
