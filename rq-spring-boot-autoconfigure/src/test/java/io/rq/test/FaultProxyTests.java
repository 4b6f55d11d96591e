package io.rq.test;

import java.time.Duration;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisConnectionException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

class FaultProxyTests {

	private static final int READ_TIMEOUT_MILLIS = 300;

	private final TestRedis redis = TestRedis.start();

	private final FaultProxy proxy = FaultProxy.to(this.redis);

	private Jedis client;

	private Jedis direct;

	@BeforeEach
	void connect() {
		this.client = through();
		this.direct = new Jedis("127.0.0.1", this.redis.port());
	}

	private Jedis through() {
		return new Jedis("127.0.0.1", this.proxy.port(), READ_TIMEOUT_MILLIS);
	}

	@AfterEach
	void close() {
		this.client.close();
		this.direct.close();
		this.proxy.close();
		this.redis.close();
	}

	@Test
	void forwardsWhenNotToldOtherwise() {
		this.client.set("key", "value");
		assertThat(this.client.get("key")).isEqualTo("value");
	}

	@Test
	void losesTheReplyToARequestThatIsCarriedOut() {
		this.client.ping();
		this.proxy.loseReplyTo((request) -> request.contains("INCR"));
		assertThatExceptionOfType(JedisConnectionException.class).isThrownBy(() -> this.client.incr("counter"));
		this.proxy.loseReplyTo(null);
		assertThat(this.direct.get("counter")).isEqualTo("1");
		assertThat(this.proxy.faults()).isEqualTo(1);
	}

	@Test
	void deliversAHeldRequestThoughItsClientHasGivenUp() {
		this.client.ping();
		this.proxy.hold((request) -> request.contains("INCR"));
		assertThatExceptionOfType(JedisConnectionException.class).isThrownBy(() -> this.client.incr("counter"));
		this.client.close();
		assertThat(this.direct.get("counter")).isNull();
		this.proxy.release();
		await().atMost(Duration.ofSeconds(5))
			.untilAsserted(() -> assertThat(this.direct.get("counter")).isEqualTo("1"));
	}

	@Test
	void leavesConnectionsHalfOpenWhileNewOnesAreFine() {
		this.client.ping();
		this.proxy.goDeaf();
		assertThatExceptionOfType(JedisConnectionException.class).isThrownBy(() -> this.client.incr("counter"));
		try (Jedis other = through()) {
			assertThat(other.incr("counter")).isEqualTo(1);
		}
	}

	@Test
	void leadsNewConnectionsToAnotherServer() {
		this.client.set("key", "old");
		try (TestRedis next = TestRedis.start()) {
			this.proxy.moveTo(next);
			assertThat(this.client.get("key")).isEqualTo("old");
			try (Jedis other = through()) {
				assertThat(other.get("key")).isNull();
			}
		}
	}

	@Test
	void refusesConnectionsWhenTold() {
		this.client.ping();
		this.proxy.accept(false);
		assertThatExceptionOfType(JedisConnectionException.class).isThrownBy(this.client::ping);
		assertThatExceptionOfType(JedisConnectionException.class).isThrownBy(() -> through().ping());
		this.proxy.accept(true);
		try (Jedis other = through()) {
			assertThat(other.ping()).isEqualTo("PONG");
		}
	}

	@Test
	void deliversLaterWhenTold() {
		this.client.ping();
		this.proxy.delay(Duration.ofMillis(100));
		long begin = System.nanoTime();
		assertThat(this.client.ping()).isEqualTo("PONG");
		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(100));
	}

	@Test
	void deliversAllBytesOneByOneWhenTold() {
		String text = "x".repeat(1_000);
		this.proxy.trickle(true);
		this.client.set("key", text);
		assertThat(this.client.get("key")).isEqualTo(text);
	}

}
