package io.rq.webhook;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLContext;

import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.BasicHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Lookup;
import org.apache.hc.core5.http.config.RegistryBuilder;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.ssl.SSLContexts;
import org.jspecify.annotations.Nullable;

import io.rq.job.InvalidJobException;
import io.rq.job.Webhook;

/**
 * Sends one request over a connection of its own to an address that the guard has seen.
 * It reads only the head of the answer.
 */
final class WebhookClient {

	private static final int MOST_REDIRECTS = 3;

	private static final String NOWHERE = "The webhook was not sent: its receiver redirects to nowhere. ";

	/** Without the charset that the constant has. */
	private static final ContentType JSON = ContentType.create("application/json");

	private final DnsResolver names;

	private final Lookup<TlsSocketStrategy> encryption;

	WebhookClient(AddressGuard guard) {
		this(guard, SystemDefaultDnsResolver.INSTANCE, SSLContexts.createSystemDefault());
	}

	WebhookClient(AddressGuard guard, DnsResolver names, SSLContext tls) {
		this.names = new GuardedResolver(guard, names);
		this.encryption = RegistryBuilder.<TlsSocketStrategy>create()
			.register("https", new DefaultClientTlsStrategy(tls))
			.build();
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
			URI to = Webhook.requireValid(from.resolve(new URI(location)).toString());
			if (isTls(from) && !isTls(to)) {
				throw new InvalidJobException("The webhook was not sent: its receiver redirects from https to http");
			}
			return to;
		}
		catch (URISyntaxException ex) {
			throw new InvalidJobException(NOWHERE + "The address is malformed: " + ex.getReason());
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidJobException(NOWHERE + ex.getMessage(), ex);
		}
	}

	private static boolean isTls(URI uri) {
		return uri.getScheme().equalsIgnoreCase("https");
	}

	private static String origin(URI uri) {
		int port = (uri.getPort() >= 0) ? uri.getPort() : isTls(uri) ? 443 : 80;
		return (uri.getScheme() + "://" + uri.getHost() + ":" + port).toLowerCase(Locale.ROOT);
	}

	private Answer exchange(URI uri, String method, Map<String, String> headers, byte @Nullable [] body, long deadline)
			throws IOException {
		CompletableFuture<Void> end = new CompletableFuture<>();
		end.orTimeout(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
		try (CloseableHttpClient client = HttpClients.createMinimal(new BasicHttpClientConnectionManager(
				new DefaultHttpClientConnectionOperator((proxy) -> socket(end), null, this.names, this.encryption),
				null))) {
			try {
				return answer(client.executeOpen(HttpHost.create(uri), request(uri, method, headers, body), null));
			}
			finally {
				end.complete(null);
			}
		}
		catch (IOException ex) {
			if (end.isCompletedExceptionally()) {
				throw (IOException) new SocketTimeoutException("The receiver has not answered in time").initCause(ex);
			}
			throw ex;
		}
	}

	/** What hangs in connecting, encrypting, sending or reading ends with its socket. */
	private static Socket socket(CompletableFuture<Void> end) {
		Socket socket = new Socket(Proxy.NO_PROXY);
		end.whenComplete((ended, late) -> {
			try {
				socket.close();
			}
			catch (IOException ex) {
				// it is closed all the same
			}
		});
		return socket;
	}

	private static Answer answer(ClassicHttpResponse response) {
		Header location = response.getFirstHeader("Location");
		boolean redirect = switch (response.getCode()) {
			case 301, 302, 303, 307, 308 -> true;
			default -> false;
		};
		return new Answer(response.getCode(), (redirect && location != null) ? location.getValue() : null);
	}

	private static HttpUriRequestBase request(URI uri, String method, Map<String, String> headers,
			byte @Nullable [] body) {
		HttpUriRequestBase request = new HttpUriRequestBase(method, URI.create(uri.toASCIIString()));
		request.setHeader("User-Agent", "rq-spring-boot");
		request.setHeader("Accept", "*/*");
		request.setHeader("Connection", "close");
		headers.forEach(request::setHeader);
		if (body != null) {
			request.setEntity(new ByteArrayEntity(body, JSON));
		}
		return request;
	}

	/** Its addresses are both looked at and connected to. */
	private record GuardedResolver(AddressGuard guard, DnsResolver names) implements DnsResolver {

		@Override
		public InetAddress[] resolve(String host) throws UnknownHostException {
			InetAddress[] addresses = this.names.resolve(host);
			InetAddress[] permitted = Arrays.stream(addresses)
				.filter((address) -> this.guard.permits(host, address))
				.toArray(InetAddress[]::new);
			if (permitted.length == 0) {
				throw new InvalidJobException("The webhook was not sent: " + host + " is "
						+ Arrays.stream(addresses).map(InetAddress::getHostAddress).toList()
						+ ", which is no public address. If it is meant, add the host or its network to "
						+ "'rq.webhooks.allowed'");
			}
			return permitted;
		}

		@Override
		public String resolveCanonicalHostname(String host) {
			return host;
		}

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
