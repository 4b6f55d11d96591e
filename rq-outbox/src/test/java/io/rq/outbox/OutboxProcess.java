package io.rq.outbox;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import io.rq.test.JavaProcess;

/**
 * An application in a JVM of its own, to be killed, that asks for one job. Its arguments
 * are the moment up to which it comes, the address of Redis, the id of the job and the
 * properties of the database.
 */
final class OutboxProcess {

	/** Up to where the process comes. */
	enum Moment {

		/** The transaction has committed, and nobody has been told yet. */
		COMMITTED,

		/** As far as it is let. */
		DELIVERED

	}

	private OutboxProcess() {
	}

	/**
	 * Starts the application.
	 * @param args the arguments
	 * @throws IOException if the input cannot be read
	 */
	public static void main(String[] args) throws IOException {
		List<String> arguments = List.of(args);
		OutboxApplication application = OutboxApplication.start(arguments.get(1),
				arguments.subList(3, arguments.size()));
		application.transaction().executeWithoutResult((status) -> {
			if (Moment.valueOf(arguments.get(0)) == Moment.COMMITTED) {
				waitAfterTheCommit();
			}
			application.jobs()
				.enqueue(OutboxApplication.note(arguments.get(2)).id(arguments.get(2)).resultTtl(Duration.ZERO));
		});
		JavaProcess.endWithParent();
	}

	private static void waitAfterTheCommit() {
		TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

			@Override
			public void afterCommit() {
				try {
					new CountDownLatch(1).await();
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			}

		});
	}

}
