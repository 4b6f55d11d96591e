package io.rq.redis.connection;

import java.util.Optional;

import javax.net.ssl.SSLParameters;

import org.springframework.data.redis.connection.jedis.JedisClientConfiguration;

/**
 * What Jedis does not do by itself: it takes the certificate of any host for that of the
 * server, and Spring Boot does not tell it otherwise.
 */
public final class JedisTls {

	private JedisTls() {
	}

	/**
	 * Returns the parameters of TLS with which the certificate of a server has to be for
	 * its host. They are those given, which are changed if they do not say how a host is
	 * told. Where there is a {@code HostnameVerifier}, it decides, and they stay as they
	 * are.
	 * @param client how Jedis connects
	 * @return the parameters, empty if there is no TLS
	 */
	public static Optional<SSLParameters> parameters(JedisClientConfiguration client) {
		if (!client.isUseSsl() || client.getHostnameVerifier().isPresent()) {
			return client.getSslParameters();
		}
		SSLParameters parameters = client.getSslParameters().orElseGet(SSLParameters::new);
		if (parameters.getEndpointIdentificationAlgorithm() == null) {
			parameters.setEndpointIdentificationAlgorithm("HTTPS");
		}
		return Optional.of(parameters);
	}

}
