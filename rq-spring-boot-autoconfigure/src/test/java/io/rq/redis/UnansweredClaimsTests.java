package io.rq.redis;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;

import io.rq.lifecycle.Listeners;
import io.rq.redis.connection.ConnectionCare;
import io.rq.redis.connection.ConnectionTrouble;
import io.rq.redis.connection.OwnConnections;
import io.rq.test.FaultProxy;
import io.rq.test.RedisClients;
import io.rq.test.TestStores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for claims whose replies do not come, as part of a wait or alone.
 */
class UnansweredClaimsTests extends AbstractStoreTests {

	/** On two processors the common pool has one thread, and a hanging call keeps it. */
	private static final Executor ALONE = new SimpleAsyncTaskExecutor();

	private static final Duration TIMEOUT = Duration.ofSeconds(1);

	private final FaultProxy proxy = FaultProxy.to(this.redis);

	private final RedisConnectionFactory application = this.proxy.connect(TIMEOUT);

	private final RedisConnectionFactory engine = Objects
		.requireNonNull(OwnConnections.like(this.application, OwnConnections.Use.engine(TIMEOUT), Listeners.none()));

	private final ExecutionStore store = new ExecutionStore(new RedisScripts(this.engine), this.clock,
			new WorkerLease("w1", LEASE, BEATS), TestStores.MAX_PAYLOAD);

	private final QueueWait wait = new QueueWait(new RedisScripts(this.engine), "default", "w1",
			Duration.ofMillis(300));

	@BeforeEach
	void loadScripts() {
		this.store.claim(List.of("default"), 1, false);
	}

	@AfterEach
	void close() {
		this.wait.close();
		RedisClients.close(this.engine);
		RedisClients.close(this.application);
		this.proxy.close();
	}

	private Supplier<List<Execution>> claim(boolean waiting) {
		return () -> {
			Claims claims = waiting ? this.store.claimNext(this.wait, Duration.ofMillis(300), 10)
					: this.store.claim(List.of("default"), 10, false);
			return Objects.requireNonNull(claims).claims().stream().map(Claims.Claim::execution).toList();
		};
	}

	/** Only the first request that claims. */
	private static Predicate<String> firstClaim() {
		AtomicBoolean met = new AtomicBoolean();
		return (request) -> request.contains("rq:suspended") && met.compareAndSet(false, true);
	}

	/** W3. */
	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void jobsWhoseClaimGotNoReplyAreTakenByTheNextAsIfNothingHadHappened(boolean waiting) {
		Supplier<List<Execution>> claim = claim(waiting);
		claim.get();
		enqueue(job("a"), job("b"));
		this.proxy.loseReplyTo(firstClaim());
		assertThatExceptionOfType(DataAccessException.class).isThrownBy(claim::get);
		assertThat(this.proxy.faults()).isEqualTo(1);
		assertThat(claim.get()).extracting(Execution::jobId).containsExactly("a", "b");
		assertThat(this.redis.state().zset("rq:wip:default")).hasSize(2);
		assertThat(this.redis.state().hash("rq:job:a")).doesNotContainKeys("reclaims", "attempts")
			.containsEntry("status", "started");
		assertThat(list("rq:queue:default")).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void claimThatArrivesAfterItWasGivenUpTakesNothing(boolean waiting) {
		Supplier<List<Execution>> claim = claim(waiting);
		claim.get();
		enqueue(job("a"));
		this.proxy.hold(firstClaim());
		assertThatExceptionOfType(DataAccessException.class).isThrownBy(claim::get);
		assertThat(claim.get()).extracting(Execution::jobId).containsExactly("a");
		theHeldClaimComesAndTakesNothing();
		assertThat(claim(false).get()).extracting(Execution::jobId).containsExactly("b");
	}

	private void theHeldClaimComesAndTakesNothing() {
		enqueue(job("b"));
		long before = scriptCalls();
		this.proxy.release();
		await().atMost(Duration.ofSeconds(10)).until(() -> scriptCalls() > before);
		assertThat(field("b", "status")).isEqualTo("queued");
		assertThat(this.redis.state().zset("rq:wip:default")).hasSize(1);
	}

	@Test
	void claimOfAWaitThatOthersHaveGivenUpMeanwhileIsGivenUpToo() {
		claim(true).get();
		enqueue(job("a"));
		this.proxy.hold(firstClaim());
		CompletableFuture<@Nullable Claims> unheard = CompletableFuture
			.supplyAsync(() -> this.store.claimNext(this.wait, Duration.ofMillis(300), 10), ALONE);
		await().atMost(Duration.ofSeconds(10)).until(() -> this.proxy.faults() == 1);
		ConnectionCare care = new RedisScripts(this.engine).server("rq:queue:default").care();
		care.met(ConnectionTrouble.CLOSED, care.generation());
		assertThat(unheard.join()).isNull();
		assertThat(claim(false).get()).extracting(Execution::jobId).containsExactly("a");
		theHeldClaimComesAndTakesNothing();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void workerOfTheSameNameClaimsAfterOneThatHasGivenUpCalls(boolean waiting) {
		this.template.opsForValue().set(KeyLayout.RQ.of("default").claimEpoch("w1"), "7");
		enqueue(job("a"));
		Supplier<List<Execution>> claim = claim(waiting);
		assertThat(claim.get()).isEmpty();
		assertThat(claim.get()).extracting(Execution::jobId).containsExactly("a");
	}

	@Test
	void aGiveBackThatHangsKeepsNobodyFromClaiming() throws Exception {
		RedisConnectionFactory patient = this.proxy.connect(Duration.ofSeconds(20));
		UnansweredClaims unanswered = new UnansweredClaims(new RedisScripts(patient),
				new WorkerLease("w1", LEASE, BEATS));
		enqueue(job("a"));
		new RedisScripts(this.redis.connectionFactory()).run(Script.CLAIM, giveUp(unanswered).arguments());
		AtomicBoolean met = new AtomicBoolean();
		this.proxy.hold((request) -> request.contains(ScriptTexts.of(KeyLayout.RQ).get(Script.DISOWN).sha())
				&& met.compareAndSet(false, true));
		CompletableFuture<Long> hanging = CompletableFuture.supplyAsync(() -> unanswered.settle(List.of("default")),
				ALONE);
		await().atMost(Duration.ofSeconds(10)).untilTrue(met);
		ClaimCall other = CompletableFuture.supplyAsync(() -> giveUp(unanswered), ALONE).get(10, TimeUnit.SECONDS);
		assertThat(hanging).isNotDone();
		this.proxy.release();
		assertThat(hanging.join()).isEqualTo(1);
		assertThat(field("a", "status")).isEqualTo("queued");
		new RedisScripts(this.redis.connectionFactory()).run(Script.CLAIM, other.arguments());
		assertThat(field("a", "status")).isEqualTo("queued");
		RedisClients.close(patient);
	}

	@Test
	void leasesOfOthersAreNotLookedAtWhenAClaimIsGivenUp() {
		UnansweredClaims unanswered = unanswered();
		ClaimCall call = giveUp(unanswered);
		enqueue(job("a"));
		hash("rq:job:a", "origin", "other");
		zadd("rq:wip:other", now() + LEASE.toSeconds() + 1, "b:" + call.base() + "00000002");
		new RedisScripts(this.redis.connectionFactory()).run(Script.CLAIM, call.arguments());
		assertThat(unanswered.settle(List.of("default"))).isEqualTo(1);
		assertThat(list("rq:queue:other")).containsExactly("a");
		assertThat(this.redis.state().zset("rq:wip:other")).containsOnlyKeys("b:" + call.base() + "00000002");
	}

	@Test
	void jobsOfAClaimThatIsGivenUpWhenItsLeaseHasRunOutWaitAgainAsIfNothingHadHappened() {
		UnansweredClaims unanswered = unanswered();
		ClaimCall call = giveUp(unanswered);
		enqueue(job("a"));
		new RedisScripts(this.redis.connectionFactory()).run(Script.CLAIM, call.arguments());
		String member = this.redis.state().zset("rq:wip:default").keySet().iterator().next();
		zadd("rq:wip:default", now() - 60, member);
		assertThat(this.template.getExpire(KeyLayout.RQ.of("default").workerClaim("w1"))).isBetween(3_500L, 3_600L);
		assertThat(unanswered.settle(List.of("default"))).isEqualTo(1);
		assertThat(list("rq:queue:default")).containsExactly("a");
		assertThat(this.redis.state().hash("rq:job:a")).doesNotContainKeys("reclaims", "attempts");
	}

	@Test
	void jobsWhoseClaimIsAnsweredBehindAWaitThatFailedAreRun() {
		enqueue(job("a"));
		this.template.rename("rq:queue:default", KeyLayout.RQ.of("default").taken("w1"));
		QueueWait longer = new QueueWait(new RedisScripts(this.engine), "default", "w1", Duration.ofSeconds(30));
		CompletableFuture<@Nullable Claims> claims = CompletableFuture
			.supplyAsync(() -> this.store.claimNext(longer, Duration.ofMillis(900), 10), ALONE);
		await().pollInterval(Duration.ofMillis(10))
			.atMost(Duration.ofSeconds(10))
			.until(() -> this.redis.endWaits() > 0);
		assertThat(claims.join()).isNotNull()
			.extracting((taken) -> taken.claims().stream().map((claim) -> claim.execution().jobId()).toList())
			.isEqualTo(List.of("a"));
		assertThat(claim(false).get()).isEmpty();
		assertThat(this.redis.state().zset("rq:wip:default")).hasSize(1);
		longer.close();
	}

	private long scriptCalls() {
		try (RedisConnection connection = this.redis.connectionFactory().getConnection()) {
			Properties statistics = Objects.requireNonNull(connection.serverCommands().info("commandstats"));
			String calls = statistics.getProperty("cmdstat_evalsha", "calls=0,");
			return Long.parseLong(calls.substring("calls=".length(), calls.indexOf(',')));
		}
	}

}
