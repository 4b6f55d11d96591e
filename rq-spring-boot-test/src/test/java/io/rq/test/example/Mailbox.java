package io.rq.test.example;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.springframework.stereotype.Component;

/**
 * Takes the mails; it is no job.
 */
@Component
public class Mailbox {

	private final List<String> mails = new CopyOnWriteArrayList<>();

	private volatile int failures;

	/**
	 * Lets the next deliveries fail.
	 * @param number how many
	 */
	public void failNext(int number) {
		this.failures = number;
	}

	void deliver(String mail) {
		if (this.failures > 0) {
			this.failures--;
			throw new IllegalStateException("The server is away");
		}
		this.mails.add(mail);
	}

	/**
	 * Returns what was delivered.
	 * @return the mails
	 */
	public List<String> mails() {
		return this.mails;
	}

}
