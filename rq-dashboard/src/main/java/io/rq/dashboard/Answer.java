package io.rq.dashboard;

import java.nio.charset.StandardCharsets;
import java.util.Map;

import org.springframework.http.HttpStatus;

/**
 * What is answered to a request.
 *
 * @param status the HTTP status
 * @param headers headers
 * @param body the body
 */
record Answer(int status, Map<String, String> headers, byte[] body) {

	static Answer json(int status, Object value) {
		return new Answer(status, Map.of("Content-Type", "application/json", "Cache-Control", "no-store"),
				Json.bytes(value));
	}

	static Answer problem(HttpStatus status, String detail) {
		return new Answer(status.value(),
				Map.of("Content-Type", "application/problem+json", "Cache-Control", "no-store"),
				Json.bytes(new Problem(status.value(), status.getReasonPhrase(), detail)));
	}

	/** For those who look at it themselves. */
	static Answer text(HttpStatus status, String detail) {
		return new Answer(status.value(),
				Map.of("Content-Type", "text/plain;charset=UTF-8", "Cache-Control", "no-store"),
				(status.getReasonPhrase() + "\n\n" + detail + "\n").getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Why a request was not carried out.
	 *
	 * @param status the HTTP status
	 * @param title what kind of trouble it is
	 * @param detail what was wrong and how to mend it
	 */
	record Problem(int status, String title, String detail) {

	}

}
