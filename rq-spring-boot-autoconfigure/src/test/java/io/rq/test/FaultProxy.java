package io.rq.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * A network between a client and a Redis that fails as told: it cuts connections, loses
 * replies, holds requests back, goes deaf, becomes slow, or leads new connections to
 * another server. Faults that look at requests search the bytes of what a client sends at
 * once for a text, such as the name of a command or of a worker.
 */
public final class FaultProxy implements AutoCloseable {

	private static final int BUFFER_SIZE = 65_536;

	private final ServerSocket listener;

	private final Set<Link> links = ConcurrentHashMap.newKeySet();

	private final AtomicInteger faults = new AtomicInteger();

	private volatile int target;

	private volatile boolean refusing;

	private volatile @Nullable Predicate<String> losing;

	private volatile @Nullable Predicate<String> holding;

	private final Object held = new Object();

	private volatile Duration delay = Duration.ZERO;

	private volatile boolean trickling;

	private FaultProxy(int target) {
		this.target = target;
		try {
			this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		daemon("accept", this::accept);
	}

	/**
	 * Starts a proxy that does no harm yet.
	 * @param redis the server it leads to
	 * @return the proxy, to be closed by the caller
	 */
	public static FaultProxy to(TestRedis redis) {
		return new FaultProxy(redis.port());
	}

	/**
	 * Starts a proxy that does no harm yet.
	 * @param port where a server of another kind listens on this machine
	 * @return the proxy, to be closed by the caller
	 */
	public static FaultProxy to(int port) {
		return new FaultProxy(port);
	}

	/**
	 * Starts a proxy that does no harm yet.
	 * @param sentinel the Sentinel it leads to
	 * @return the proxy, to be closed by the caller
	 */
	public static FaultProxy to(TestSentinel sentinel) {
		return new FaultProxy(sentinel.port());
	}

	public int port() {
		return this.listener.getLocalPort();
	}

	/**
	 * Connections through this proxy with the client of the tests.
	 * @param timeout how long a command may take
	 * @return started connections, to be {@linkplain RedisClients#close closed} by the
	 * caller
	 */
	public RedisConnectionFactory connect(Duration timeout) {
		return RedisClients.connect("127.0.0.1", port(), timeout);
	}

	/** Leads new connections to another server; those that exist stay where they are. */
	public void moveTo(TestRedis redis) {
		this.target = redis.port();
	}

	/** Ends all connections; new ones are made as usual. */
	public void cut() {
		this.links.forEach(Link::close);
	}

	/** Ends all connections and every new one at once, until {@link #accept(boolean)}. */
	public void accept(boolean accepting) {
		this.refusing = !accepting;
		if (!accepting) {
			cut();
		}
	}

	/**
	 * Makes the connections that exist now half open: both sides stay connected, what
	 * they send vanishes. New connections are fine.
	 */
	public void goDeaf() {
		this.links.forEach((link) -> link.deaf = true);
	}

	/**
	 * Like {@link #goDeaf()}, but only what the server says vanishes.
	 */
	public void loseAllReplies() {
		this.links.forEach((link) -> link.mute = true);
	}

	/**
	 * Cuts a connection when the reply to a request comes, which the server has carried
	 * out then. Lasts until another rule or {@code null} is given.
	 * @param request tells for which requests
	 */
	public void loseReplyTo(@Nullable Predicate<String> request) {
		this.losing = request;
	}

	/**
	 * Keeps requests until {@link #release()}, and then delivers them even if the client
	 * has given up meanwhile. Lasts until another rule or {@code null} is given.
	 * @param request tells which requests
	 */
	public void hold(@Nullable Predicate<String> request) {
		this.holding = request;
	}

	/** Delivers the requests that are held and holds no more. */
	public void release() {
		synchronized (this.held) {
			this.holding = null;
			this.held.notifyAll();
		}
	}

	/**
	 * Delivers what a client sends so much later, until told otherwise.
	 * @param length how much later, zero for at once
	 */
	public void delay(Duration length) {
		this.delay = length;
	}

	/**
	 * Delivers each byte for itself, in both directions, until told otherwise.
	 * @param single whether to do so
	 */
	public void trickle(boolean single) {
		this.trickling = single;
	}

	/**
	 * Returns how many replies have been lost and requests held by rules.
	 * @return the number
	 */
	public int faults() {
		return this.faults.get();
	}

	/**
	 * Returns how many connections there are.
	 * @return the number
	 */
	public int connections() {
		return this.links.size();
	}

	private void accept() {
		while (!this.listener.isClosed()) {
			try {
				Socket client = this.listener.accept();
				if (this.refusing) {
					client.close();
					continue;
				}
				Socket server = new Socket();
				try {
					server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), this.target));
				}
				catch (IOException ex) {
					client.close();
					continue;
				}
				Link link = new Link(client, server);
				this.links.add(link);
				daemon("requests", link::forwardRequests);
				daemon("replies", link::forwardReplies);
			}
			catch (IOException ex) {
				// closed, or this one connection failed
			}
		}
	}

	private static void daemon(String part, Runnable work) {
		Thread thread = new Thread(work, "fault-proxy-" + part);
		thread.setDaemon(true);
		thread.start();
	}

	@Override
	public void close() {
		try {
			this.listener.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		release();
		cut();
	}

	/**
	 * One connection of a client and the one to the server that belongs to it.
	 */
	private final class Link {

		private final Socket client;

		private final Socket server;

		private volatile boolean deaf;

		private volatile boolean mute;

		private volatile boolean doomed;

		Link(Socket client, Socket server) throws IOException {
			this.client = client;
			this.server = server;
			client.setTcpNoDelay(true);
			server.setTcpNoDelay(true);
		}

		void forwardRequests() {
			byte[] buffer = new byte[BUFFER_SIZE];
			try {
				for (int count; (count = this.client.getInputStream().read(buffer)) >= 0;) {
					inspect(new String(buffer, 0, count, StandardCharsets.ISO_8859_1));
					LockSupport.parkNanos(FaultProxy.this.delay.toNanos());
					if (!this.deaf) {
						deliver(this.server, buffer, count);
					}
				}
			}
			catch (IOException ex) {
				// the other side is gone
			}
			close();
		}

		private void inspect(String request) {
			Predicate<String> lose = FaultProxy.this.losing;
			if (lose != null && lose.test(request)) {
				FaultProxy.this.faults.incrementAndGet();
				this.doomed = true;
			}
			Predicate<String> hold = FaultProxy.this.holding;
			if (hold != null && hold.test(request)) {
				FaultProxy.this.faults.incrementAndGet();
				awaitRelease();
			}
		}

		private void awaitRelease() {
			synchronized (FaultProxy.this.held) {
				while (FaultProxy.this.holding != null) {
					try {
						FaultProxy.this.held.wait();
					}
					catch (InterruptedException ex) {
						return;
					}
				}
			}
		}

		void forwardReplies() {
			byte[] buffer = new byte[BUFFER_SIZE];
			try {
				for (int count; (count = this.server.getInputStream().read(buffer)) >= 0;) {
					if (this.doomed) {
						break;
					}
					if (!this.deaf && !this.mute) {
						deliver(this.client, buffer, count);
					}
				}
			}
			catch (IOException ex) {
				// the other side is gone
			}
			if (!this.deaf) {
				close();
			}
		}

		private void deliver(Socket to, byte[] bytes, int count) throws IOException {
			int step = FaultProxy.this.trickling ? 1 : count;
			for (int i = 0; i < count; i += step) {
				to.getOutputStream().write(bytes, i, step);
			}
		}

		void close() {
			FaultProxy.this.links.remove(this);
			this.doomed = true;
			for (Socket socket : List.of(this.client, this.server)) {
				try {
					socket.close();
				}
				catch (IOException ex) {
					// closed is closed
				}
			}
		}

	}

}
