package io.rq.job;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import org.springframework.util.Assert;

/**
 * An HTTP request that is sent when a job has ended. Immutable; each method returns a
 * changed copy.
 *
 * <pre class="code">
 * JobRequest.of(ReportJobs::write, "sales")
 *     .webhooks(Webhook.post("https://example.org/hooks").header("X-Team", "sales"),
 *         Webhook.post("https://example.org/hooks").on(JobStatus.FAILED))
 * </pre>
 *
 * @param url the address, {@code http} or {@code https}
 * @param status the status of the job at which it is sent: finished or failed
 * @param method {@code GET} or {@code POST}
 * @param headers further headers by their names; {@code Content-Type} replaces that of
 * JSON
 * @param timeout how long the request may take: whole seconds
 */
public record Webhook(String url, JobStatus status, String method, Map<String, String> headers, Duration timeout) {

	/** As long as a request may take that does not say so: RQ's ten seconds. */
	public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

	/** The longest that a request may take. */
	public static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(5);

	private static final int LONGEST_URL = 8_000;

	private static final int LONGEST_SHOWN = 100;

	/** What the sender writes itself, or what would make two requests of one. */
	private static final Set<String> RESERVED = Set.of("host", "content-length", "transfer-encoding", "connection",
			"te", "trailer", "upgrade", "expect");

	/**
	 * Validates the values.
	 * @throws IllegalArgumentException if one of them could not be sent; the message says
	 * which and why
	 */
	public Webhook {
		requireValid(url);
		JobStatus given = status;
		Assert.isTrue(status == JobStatus.FINISHED || status == JobStatus.FAILED,
				() -> "A webhook is sent when a job is finished or has failed, not when it is " + given.value());
		String verb = method;
		Assert.isTrue(method.equals("GET") || method.equals("POST"),
				() -> "The method of a webhook must be GET or POST but is '" + printable(verb) + "'");
		headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
		headers.forEach(Webhook::requireValid);
		Duration limit = timeout;
		Assert.isTrue(timeout.getNano() == 0 && timeout.getSeconds() >= 1 && timeout.compareTo(LONGEST_TIMEOUT) <= 0,
				() -> "'timeout' of a webhook must be whole seconds from 1 to " + LONGEST_TIMEOUT.toSeconds()
						+ " but is " + limit);
	}

	/**
	 * Checks an address.
	 * @param url the address
	 * @return the address
	 * @throws IllegalArgumentException if a webhook cannot have it
	 */
	public static URI requireValid(String url) {
		try {
			Assert.isTrue(url.length() <= LONGEST_URL,
					() -> "The address of a webhook must not be longer than " + LONGEST_URL + " characters");
			URI uri = new URI(url);
			String scheme = (uri.getScheme() != null) ? uri.getScheme().toLowerCase(Locale.ROOT) : "";
			Assert.isTrue(scheme.equals("http") || scheme.equals("https"),
					() -> "The address of a webhook must begin with http:// or https://");
			Assert.isTrue(uri.getHost() != null && uri.getRawUserInfo() == null && uri.getPort() <= 65_535,
					() -> "The address of a webhook must name a host of letters, digits, '-' and '.', and no user");
			return uri;
		}
		catch (URISyntaxException ex) {
			// without the cause, whose message is the address
			throw new IllegalArgumentException("The address of a webhook is malformed: " + ex.getReason());
		}
	}

	private static void requireValid(String name, String value) {
		Assert.isTrue(name.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]+"),
				() -> "The name of a header must be letters, digits and '-' but is '" + printable(name) + "'");
		Assert.isTrue(!RESERVED.contains(name.toLowerCase(Locale.ROOT)),
				() -> "The header '" + printable(name) + "' is written by the sender itself: leave it out");
		Assert.isTrue(value.chars().allMatch((character) -> character == '\t' || (character >= ' ' && character < 127)),
				() -> "The value of header '" + printable(name) + "' must be ASCII without line breaks");
	}

	private static String printable(String text) {
		return text.substring(0, Math.min(text.length(), LONGEST_SHOWN)).replaceAll("\\p{Cntrl}", "?");
	}

	/**
	 * Returns a webhook that posts a JSON object that describes the job, when it has
	 * finished.
	 * @param url the address, {@code http} or {@code https}
	 * @return the webhook
	 * @throws IllegalArgumentException if it is no such address
	 */
	public static Webhook post(String url) {
		return new Webhook(url, JobStatus.FINISHED, "POST", Map.of(), DEFAULT_TIMEOUT);
	}

	/**
	 * Returns a webhook that gets an address, when the job has finished.
	 * @param url the address, {@code http} or {@code https}
	 * @return the webhook
	 * @throws IllegalArgumentException if it is no such address
	 */
	public static Webhook get(String url) {
		return new Webhook(url, JobStatus.FINISHED, "GET", Map.of(), DEFAULT_TIMEOUT);
	}

	/**
	 * Chooses when it is sent.
	 * @param end {@link JobStatus#FINISHED} or {@link JobStatus#FAILED}
	 * @return a new webhook
	 * @throws IllegalArgumentException if it is another status
	 */
	public Webhook on(JobStatus end) {
		return new Webhook(this.url, end, this.method, this.headers, this.timeout);
	}

	/**
	 * Adds a header.
	 * @param name its name
	 * @param value its value
	 * @return a new webhook
	 * @throws IllegalArgumentException if it has line breaks or is the sender's own
	 */
	public Webhook header(String name, String value) {
		Map<String, String> all = new LinkedHashMap<>(this.headers);
		all.put(name, value);
		return new Webhook(this.url, this.status, this.method, all, this.timeout);
	}

	/**
	 * Limits how long the request may take.
	 * @param limit whole seconds, at most {@link #LONGEST_TIMEOUT}
	 * @return a new webhook
	 * @throws IllegalArgumentException if it is another duration
	 */
	public Webhook timeout(Duration limit) {
		return new Webhook(this.url, this.status, this.method, this.headers, limit);
	}

	/**
	 * Returns the webhook as RQ writes it.
	 * @return a JSON object
	 */
	String json() {
		String fields = this.headers.entrySet()
			.stream()
			.map((header) -> JsonText.quoted(header.getKey()) + ": " + JsonText.quoted(header.getValue()))
			.collect(Collectors.joining(", ", "{", "}"));
		return "{\"url\": " + JsonText.quoted(this.url) + ", \"job_status\": " + JsonText.quoted(this.status.value())
				+ ", \"method\": " + JsonText.quoted(this.method) + ", \"headers\": "
				+ (this.headers.isEmpty() ? "null" : fields) + ", \"timeout\": " + this.timeout.toSeconds() + "}";
	}

	/** Tells of the address only where it leads to: the rest may be a secret. */
	@Override
	public String toString() {
		return "Webhook[" + this.method + " to " + URI.create(this.url).getHost() + " when " + this.status.value()
				+ "]";
	}

}
