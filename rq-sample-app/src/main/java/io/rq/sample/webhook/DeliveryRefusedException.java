package io.rq.sample.webhook;

import java.net.URI;

/**
 * Thrown when the receiver of a webhook did not accept it. It has no stack trace: the
 * reason is not in this application, and the log stays short.
 */
public class DeliveryRefusedException extends Exception {

	private static final long serialVersionUID = 1L;

	DeliveryRefusedException(URI url, int status) {
		super(url + " answered " + status, null, false, false);
	}

}
