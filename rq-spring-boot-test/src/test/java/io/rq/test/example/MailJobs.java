package io.rq.test.example;

import java.util.List;
import java.util.concurrent.CountDownLatch;

import org.springframework.stereotype.Component;

import io.rq.annotation.RqCron;
import io.rq.annotation.RqJob;
import io.rq.handler.JobContext;
import io.rq.job.Retry;

/**
 * Jobs of the example.
 */
@Component
public class MailJobs {

	private final Mailbox mailbox;

	private final CountDownLatch sleeping = new CountDownLatch(1);

	MailJobs(Mailbox mailbox) {
		this.mailbox = mailbox;
	}

	/**
	 * Welcomes somebody.
	 * @param address the address
	 * @param user the number of the user
	 */
	@RqJob(queue = "mail", retries = 2, intervals = { 10, 60 })
	public void sendWelcome(String address, long user) {
		this.mailbox.deliver("Welcome " + address + " as " + user);
	}

	/**
	 * Says good bye.
	 * @param context the context
	 * @param addresses whom to
	 * @return how many they are
	 */
	@RqJob
	public int sayGoodBye(JobContext context, List<String> addresses) {
		addresses.forEach((address) -> this.mailbox.deliver("Good bye " + address));
		return addresses.size();
	}

	/**
	 * Reminds somebody, in the second attempt.
	 * @param address the address
	 * @param context the context
	 * @return what to do, or the address
	 */
	@RqJob
	public Object remind(String address, JobContext context) {
		return (context.attempt() == 1) ? Retry.max(1).intervals(60) : address;
	}

	/**
	 * Sends something to a street.
	 * @param street the street
	 */
	@RqJob
	public void sendTo(Street street) {
		this.mailbox.deliver("To " + street);
	}

	/**
	 * Reports once an hour.
	 */
	@RqCron("0 * * * *")
	@RqJob(name = "mail.report")
	public void report() {
		this.mailbox.deliver("Report");
	}

	/**
	 * Does not end of itself.
	 * @throws InterruptedException at its timeout
	 */
	@RqJob(timeout = "10m")
	public void sleep() throws InterruptedException {
		this.sleeping.countDown();
		new CountDownLatch(1).await();
	}

	/**
	 * Returns what tells that a job sleeps.
	 * @return the latch
	 */
	public CountDownLatch sleeping() {
		return this.sleeping;
	}

}
