package io.rq.worker;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.rq.handler.JobExceptionHandler;
import io.rq.handler.JobExceptionHandler.Decision;
import io.rq.handler.RunInfo;
import io.rq.log.FailureText;
import io.rq.log.SafeLog;

/**
 * Decides what becomes of failed attempts: the application's exception handlers come
 * first, then the handler of the job.
 */
final class FailureDecisions {

	private static final SafeLog log = SafeLog.of(FailureDecisions.class);

	private final List<JobExceptionHandler> handlers;

	FailureDecisions(List<JobExceptionHandler> handlers) {
		this.handlers = List.copyOf(handlers);
	}

	/** Asks the application's handlers, none of which may have decided. */
	@Nullable Decision ask(RunInfo run, Throwable failure) {
		for (JobExceptionHandler handler : this.handlers) {
			try {
				Decision decision = handler.handle(run, failure);
				if (decision != null) {
					return decision;
				}
			}
			catch (Throwable ex) {
				log.warn("Exception handler {} failed on job {} ({}); the next one is asked",
						handler.getClass().getName(), run.job().id(), run.function(), FailureText.printable(ex));
			}
		}
		return null;
	}

	/** Decides without the application's handlers. */
	static Decision decide(HandlerRules rules, Throwable failure) {
		try {
			return rules.retryable().test(failure) ? Decision.RETRY : Decision.FAIL;
		}
		catch (Throwable ex) {
			log.warn("A handler cannot tell whether to try again after {}, so the job is tried again",
					FailureText.of(failure), FailureText.printable(ex));
			return Decision.RETRY;
		}
	}

}
