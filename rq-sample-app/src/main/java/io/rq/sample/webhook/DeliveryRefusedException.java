package io.rq.sample.webhook;

import java.net.URI;

/**
 * Thrown when the receiver of a webhook did not accept it.
 */
public class DeliveryRefusedException extends Exception {

	private static final long serialVersionUID = 1L;

	DeliveryRefusedException(URI url, int status) {
		super(url + " answered " + status);
	}

}
