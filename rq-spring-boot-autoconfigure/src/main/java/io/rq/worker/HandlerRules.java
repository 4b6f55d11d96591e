package io.rq.worker;

import java.util.function.Predicate;

import io.rq.handler.JobHandler;
import io.rq.job.JobOptions;

/**
 * What the handler of a job says for jobs that do not say so themselves.
 *
 * @param options the options
 * @param retryable whether another attempt may help after a failure
 */
record HandlerRules(JobOptions options, Predicate<Throwable> retryable) {

	/** Of jobs without a handler. */
	static final HandlerRules NONE = of(JobOptions.NONE);

	static HandlerRules of(JobOptions options) {
		return new HandlerRules(options, (failure) -> true);
	}

	static HandlerRules of(JobHandler handler) {
		return new HandlerRules(handler.defaults(), handler::isRetryable);
	}

}
