package io.rq.webhook;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

import org.jspecify.annotations.Nullable;

import io.rq.job.InvalidJobException;
import io.rq.job.Webhook;

/**
 * Sends one request over a connection of its own to an address that the guard has seen:
 * HTTP clients look the name up once more, and may get another one. Of the answer it
 * reads no more than its head.
 */
final class WebhookClient {

	private static final int MOST_REDIRECTS = 3;

	private static final int LONGEST_HEAD = 64 * 1024;

	private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([1-5][0-9][0-9])(?: .*)?");

	private final AddressGuard guard;

	private final SSLSocketFactory tls;

	private final Resolver resolver;

	WebhookClient(AddressGuard guard, SSLSocketFactory tls) {
		this(guard, tls, InetAddress::getAllByName);
	}

	WebhookClient(AddressGuard guard, SSLSocketFactory tls, Resolver resolver) {
		this.guard = guard;
		this.tls = tls;
		this.resolver = resolver;
	}

	/**
	 * Sends a request and follows redirects.
	 * @param headers further headers, for the host that is named only
	 * @param body the body, or {@code null} for none
	 * @return the status of the last answer
	 * @throws InvalidJobException if an address is refused
	 * @throws IOException if there is no answer
	 */
	int send(Webhook webhook, Map<String, String> headers, byte @Nullable [] body) throws IOException {
		long deadline = System.nanoTime() + webhook.timeout().toNanos();
		URI uri = Webhook.requireValid(webhook.url());
		String method = webhook.method();
		byte[] content = body;
		for (int redirects = 0;; redirects++) {
			boolean atHome = origin(uri).equals(origin(Webhook.requireValid(webhook.url())));
			Answer answer = exchange(uri, method, atHome ? headers : Map.of(), content, deadline);
			if (answer.location() == null) {
				return answer.status();
			}
			if (redirects == MOST_REDIRECTS) {
				throw new IOException("The receiver answers with more than " + MOST_REDIRECTS + " redirects");
			}
			uri = redirected(uri, answer.location());
			if (answer.status() < 307) {
				method = "GET";
				content = null;
			}
		}
	}

	private static URI redirected(URI from, String location) {
		try {
			URI to = Webhook.requireValid(from.resolve(location).toString());
			if (isTls(from) && !isTls(to)) {
				throw new InvalidJobException("The webhook was not sent: its receiver redirects from https to http");
			}
			return to;
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidJobException(
					"The webhook was not sent: its receiver redirects to nowhere. " + ex.getMessage(), ex);
		}
	}

	private static boolean isTls(URI uri) {
		return uri.getScheme().equalsIgnoreCase("https");
	}

	private static int port(URI uri) {
		return (uri.getPort() >= 0) ? uri.getPort() : isTls(uri) ? 443 : 80;
	}

	private static String origin(URI uri) {
		return (uri.getScheme() + "://" + uri.getHost() + ":" + port(uri)).toLowerCase(Locale.ROOT);
	}

	private Answer exchange(URI uri, String method, Map<String, String> headers, byte @Nullable [] body, long deadline)
			throws IOException {
		InetSocketAddress address = new InetSocketAddress(resolve(uri.getHost()), port(uri));
		try (Socket plain = new Socket(Proxy.NO_PROXY)) {
			plain.connect(address, left(deadline));
			plain.setSoTimeout(left(deadline));
			try (Socket socket = isTls(uri) ? encrypted(plain, uri) : plain) {
				socket.getOutputStream().write(request(uri, method, headers, body));
				socket.getOutputStream().flush();
				return answer(socket, deadline);
			}
		}
	}

	/** Returns the one address that is both looked at and connected to. */
	private InetAddress resolve(String host) throws IOException {
		InetAddress[] addresses = this.resolver.resolve(host);
		return Arrays.stream(addresses)
			.filter((address) -> this.guard.permits(host, address))
			.findFirst()
			.orElseThrow(() -> new InvalidJobException("The webhook was not sent: " + host + " is "
					+ Arrays.stream(addresses).map(InetAddress::getHostAddress).toList()
					+ ", which is no public address. If it is meant, add the host or its network to "
					+ "'rq.webhooks.allowed'"));
	}

	/** The certificate has to be one for the host that was named. */
	private Socket encrypted(Socket plain, URI uri) throws IOException {
		String host = uri.getHost().replaceAll("[\\[\\]]", "");
		SSLSocket socket = (SSLSocket) this.tls.createSocket(plain, host, port(uri), true);
		SSLParameters parameters = socket.getSSLParameters();
		parameters.setEndpointIdentificationAlgorithm("HTTPS");
		socket.setSSLParameters(parameters);
		socket.startHandshake();
		return socket;
	}

	private static byte[] request(URI uri, String method, Map<String, String> headers, byte @Nullable [] body) {
		URI ascii = URI.create(uri.toASCIIString());
		String target = (ascii.getRawPath().startsWith("/") ? "" : "/") + ascii.getRawPath()
				+ ((ascii.getRawQuery() != null) ? "?" + ascii.getRawQuery() : "");
		boolean named = uri.getPort() >= 0;
		StringBuilder head = new StringBuilder(method).append(' ').append(target).append(" HTTP/1.1\r\n");
		head.append("Host: ").append(uri.getHost()).append(named ? ":" + uri.getPort() : "").append("\r\n");
		head.append("User-Agent: rq-spring-boot\r\nAccept: */*\r\nConnection: close\r\n");
		headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
		if (body != null) {
			head.append("Content-Type: application/json\r\nContent-Length: ").append(body.length).append("\r\n");
		}
		byte[] bytes = head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
		byte[] request = Arrays.copyOf(bytes, bytes.length + ((body != null) ? body.length : 0));
		if (body != null) {
			System.arraycopy(body, 0, request, bytes.length, body.length);
		}
		return request;
	}

	private static Answer answer(Socket socket, long deadline) throws IOException {
		InputStream in = new BufferedInputStream(socket.getInputStream(), 1024);
		int budget = LONGEST_HEAD;
		while (true) {
			String head = head(socket, in, budget, deadline);
			budget -= head.length();
			String[] lines = head.split("\r?\n");
			Matcher status = STATUS.matcher(lines[0]);
			if (!status.matches()) {
				throw new IOException("The receiver does not answer as HTTP 1.1 says");
			}
			int code = Integer.parseInt(status.group(1));
			if (code >= 200) {
				boolean redirect = code == 301 || code == 302 || code == 303 || code == 307 || code == 308;
				return new Answer(code, redirect ? location(lines) : null);
			}
		}
	}

	private static @Nullable String location(String[] lines) {
		return Arrays.stream(lines)
			.filter((line) -> line.toLowerCase(Locale.ROOT).startsWith("location:"))
			.map((line) -> line.substring("location:".length()).strip())
			.findFirst()
			.orElse(null);
	}

	/** Reads up to an empty line. */
	private static String head(Socket socket, InputStream in, int budget, long deadline) throws IOException {
		ByteArrayOutputStream head = new ByteArrayOutputStream(512);
		int line = 0;
		while (true) {
			socket.setSoTimeout(left(deadline));
			int next = in.read();
			if (next < 0 || head.size() >= budget) {
				throw new IOException((next < 0) ? "The receiver ended the connection without an answer"
						: "The head of the receiver's answer is longer than 64 KB");
			}
			head.write(next);
			if (next == '\n') {
				if (line == 0) {
					return head.toString(StandardCharsets.ISO_8859_1);
				}
				line = 0;
			}
			else if (next != '\r') {
				line++;
			}
		}
	}

	private static int left(long deadline) throws SocketTimeoutException {
		long millis = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
		if (millis <= 0) {
			throw new SocketTimeoutException("The receiver has not answered in time");
		}
		return (int) Math.min(millis, Integer.MAX_VALUE);
	}

	/**
	 * Looks up the addresses of a host.
	 */
	@FunctionalInterface
	interface Resolver {

		InetAddress[] resolve(String host) throws UnknownHostException;

	}

	/**
	 * What the receiver says.
	 *
	 * @param status its status
	 * @param location where the request is to go instead, or {@code null}
	 */
	private record Answer(int status, @Nullable String location) {

	}

}
