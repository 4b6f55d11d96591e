package io.rq.sample.webhook;

import java.net.URI;
import java.net.URISyntaxException;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/**
 * A webhook as it is asked for.
 *
 * @param url the receiver, with http or https
 * @param payload what to send: a text as it is, anything else as JSON
 */
record Webhook(@Nullable String url, @Nullable JsonNode payload) {

	private static final int MAX_PORT = 65535;

	URI receiver() {
		if (this.url == null || this.url.isBlank()) {
			throw badRequest("'url' is missing: name the receiver of the webhook");
		}
		try {
			URI receiver = new URI(this.url.strip());
			if (receiver.getHost() != null && receiver.getPort() <= MAX_PORT && isHttp(receiver.getScheme())) {
				return receiver;
			}
		}
		catch (URISyntaxException ex) {
			// answered like any other that is no web address
		}
		throw badRequest("'url' is not a web address with http or https: " + this.url);
	}

	private static ResponseStatusException badRequest(String detail) {
		return new ResponseStatusException(HttpStatus.BAD_REQUEST, detail);
	}

	private static boolean isHttp(String scheme) {
		return "http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme);
	}

	String contentType() {
		return content().isString() ? "text/plain;charset=UTF-8" : "application/json";
	}

	String body() {
		return content().isString() ? content().stringValue() : content().toString();
	}

	private JsonNode content() {
		JsonNode content = this.payload;
		if (content == null || content.isNull() || (content.isContainer() && content.isEmpty())
				|| (content.isString() && content.stringValue().isBlank())) {
			throw badRequest("'payload' is missing or empty: there is nothing to deliver");
		}
		return content;
	}

}
