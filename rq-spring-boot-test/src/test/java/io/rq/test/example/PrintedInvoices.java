package io.rq.test.example;

import org.springframework.stereotype.Component;

/**
 * Invoices on paper.
 */
@Component
class PrintedInvoices implements Invoices {

	@Override
	public String send(int number) {
		return "Invoice " + number;
	}

}
