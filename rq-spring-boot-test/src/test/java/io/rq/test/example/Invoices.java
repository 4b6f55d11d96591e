package io.rq.test.example;

import io.rq.annotation.RqJob;

/**
 * Jobs that an interface declares.
 */
public interface Invoices {

	/**
	 * Sends an invoice.
	 * @param number its number
	 * @return what was sent
	 */
	@RqJob(queue = "mail")
	String send(int number);

}
