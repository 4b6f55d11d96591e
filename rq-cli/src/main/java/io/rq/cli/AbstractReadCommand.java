package io.rq.cli;

import java.time.Duration;

import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

import io.rq.operations.RqOperations;

/**
 * A command that only looks, once or again and again.
 *
 * @param <T> the type of the answer
 */
abstract class AbstractReadCommand<T> extends AbstractCommand<T> {

	private static final String CLEAR = "\033[H\033[2J";

	@Option(names = { "-w", "--watch" }, description = "Look again and again, until interrupted")
	private boolean watch;

	@Option(names = { "-i", "--interval" }, paramLabel = "SECONDS", defaultValue = "2",
			description = "How long to wait between two looks (${DEFAULT-VALUE})")
	private double interval;

	@Override
	int run(RqOperations operations) throws InterruptedException {
		if (!(this.interval >= 0.1 && this.interval <= 86_400)) {
			throw new ParameterException(spec().commandLine(), "'--interval' must be from 0.1 to 86400 seconds");
		}
		int exitCode = super.run(operations);
		while (this.watch && !out().checkError()) {
			Thread.sleep(Duration.ofMillis((long) (this.interval * 1_000)).toMillis());
			out().print((System.console() != null) ? CLEAR : "");
			out().flush();
			try {
				exitCode = super.run(operations);
			}
			catch (RuntimeException ex) {
				exitCode = cli().tell(ex, spec().commandLine().getErr());
			}
		}
		return exitCode;
	}

}
