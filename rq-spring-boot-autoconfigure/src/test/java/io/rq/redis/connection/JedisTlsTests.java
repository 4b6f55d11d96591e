package io.rq.redis.connection;

import java.util.Optional;
import java.util.Set;

import javax.net.ssl.SSLParameters;

import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.jedis.JedisClientConfiguration;
import org.springframework.data.redis.connection.jedis.JedisClientConfiguration.JedisSslClientConfigurationBuilder;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link JedisTls}.
 */
class JedisTlsTests {

	private static final String BY_NAME = "HTTPS";

	private final JedisSslClientConfigurationBuilder client = JedisClientConfiguration.builder().useSsl();

	private Optional<String> algorithm() {
		return JedisTls.parameters(this.client.build()).map(SSLParameters::getEndpointIdentificationAlgorithm);
	}

	@Test
	void theHostIsLookedForUnlessToldOtherwise() {
		assertThat(algorithm()).hasValue(BY_NAME);
	}

	@Test
	void givenParametersAreKept() {
		SSLParameters given = new SSLParameters();
		given.setProtocols(new String[] { "TLSv1.3" });
		this.client.sslParameters(given);
		assertThat(algorithm()).hasValue(BY_NAME);
		assertThat(JedisTls.parameters(this.client.build()).orElseThrow().getProtocols()).containsExactly("TLSv1.3");
	}

	@Test
	void anotherWayToTellAHostIsKept() {
		SSLParameters given = new SSLParameters();
		given.setEndpointIdentificationAlgorithm("");
		this.client.sslParameters(given);
		assertThat(algorithm()).hasValue("");
	}

	@Test
	void aVerifierDecides() {
		this.client.hostnameVerifier((host, session) -> true);
		assertThat(algorithm()).isEmpty();
	}

	@Test
	void withoutTlsThereIsNothingToTell() {
		assertThat(JedisTls.parameters(JedisClientConfiguration.builder().build())).isEmpty();
	}

	@Test
	void sentinelsAreAskedWithIt() {
		SentinelSettings settings = SentinelSettings.of(new RedisSentinelConfiguration("rq", Set.of("redis:26379")),
				this.client.build());
		assertThat(settings.config().getSslParameters().getEndpointIdentificationAlgorithm()).isEqualTo(BY_NAME);
	}

}
