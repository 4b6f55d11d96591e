package io.rq.dashboard;

import org.springframework.http.HttpStatus;

/**
 * A request is not carried out.
 */
class RefusedException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final HttpStatus status;

	RefusedException(HttpStatus status, String message) {
		super(message);
		this.status = status;
	}

	HttpStatus status() {
		return this.status;
	}

}
