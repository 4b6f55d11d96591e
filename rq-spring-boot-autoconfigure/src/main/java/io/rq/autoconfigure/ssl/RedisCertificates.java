package io.rq.autoconfigure.ssl;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslManagerBundle;

import io.rq.log.FailureText;
import io.rq.log.SafeLog;

/**
 * The certificates of new connections to Redis: those of the newest state of an SSL
 * bundle that can be used. Connections that exist are not touched, since Redis asks for a
 * certificate only when one begins.
 */
final class RedisCertificates {

	private static final SafeLog log = SafeLog.of(RedisCertificates.class);

	private final String name;

	private volatile State state;

	RedisCertificates(String name, SslBundle bundle) {
		this.name = name;
		this.state = State.of(bundle);
	}

	void update(SslBundle bundle) {
		try {
			this.state = State.of(bundle);
			log.info("New connections to Redis are made with the reloaded SSL bundle '{}'", this.name);
		}
		catch (RuntimeException ex) {
			log.error("The reloaded SSL bundle '{}' cannot be used, so connections to Redis are made with what it"
					+ " held before: {}", this.name, FailureText.of(ex));
		}
	}

	KeyManagerFactory keys() {
		return this.state.keys;
	}

	TrustManagerFactory trust() {
		return this.state.trust;
	}

	/** Returns what makes each socket with the certificates of that moment. */
	SSLSocketFactory sockets() {
		return new Sockets();
	}

	/**
	 * What a bundle held when it was read, since its files may change at any time.
	 */
	private record State(KeyManagerFactory keys, TrustManagerFactory trust, SSLSocketFactory sockets) {

		static State of(SslBundle bundle) {
			SslManagerBundle managers = bundle.getManagers();
			return new State(managers.getKeyManagerFactory(), managers.getTrustManagerFactory(),
					bundle.createSslContext().getSocketFactory());
		}

	}

	private final class Sockets extends SSLSocketFactory {

		private SSLSocketFactory now() {
			return RedisCertificates.this.state.sockets;
		}

		@Override
		public String[] getDefaultCipherSuites() {
			return now().getDefaultCipherSuites();
		}

		@Override
		public String[] getSupportedCipherSuites() {
			return now().getSupportedCipherSuites();
		}

		@Override
		public Socket createSocket() throws IOException {
			return now().createSocket();
		}

		@Override
		public Socket createSocket(Socket socket, String host, int port, boolean autoClose) throws IOException {
			return now().createSocket(socket, host, port, autoClose);
		}

		@Override
		public Socket createSocket(String host, int port) throws IOException {
			return now().createSocket(host, port);
		}

		@Override
		public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
			return now().createSocket(host, port, local, localPort);
		}

		@Override
		public Socket createSocket(InetAddress host, int port) throws IOException {
			return now().createSocket(host, port);
		}

		@Override
		public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) throws IOException {
			return now().createSocket(host, port, local, localPort);
		}

	}

}
