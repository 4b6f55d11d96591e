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

	static RefusedException tooLarge() {
		return new RefusedException(HttpStatus.CONTENT_TOO_LARGE, "The body is larger than a megabyte.");
	}

	HttpStatus status() {
		return this.status;
	}

}
