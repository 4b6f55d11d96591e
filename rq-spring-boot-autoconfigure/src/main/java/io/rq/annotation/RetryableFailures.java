package io.rq.annotation;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.util.ExceptionTypeFilter;

/**
 * The failures after which another attempt may help, by their classes.
 *
 * @param included of which kind one has to be
 * @param excluded of which kind none may be, or {@code null} for no such kind
 */
record RetryableFailures(ExceptionTypeFilter included, @Nullable ExceptionTypeFilter excluded) {

	static RetryableFailures of(RqJob annotation) {
		List<Class<? extends Throwable>> none = List.of();
		List<Class<? extends Throwable>> excluded = List.of(annotation.noRetryFor());
		return new RetryableFailures(new ExceptionTypeFilter(List.of(annotation.retryFor()), none),
				excluded.isEmpty() ? null : new ExceptionTypeFilter(excluded, none));
	}

	boolean match(Throwable failure) {
		return this.included.match(failure, true) && (this.excluded == null || !this.excluded.match(failure, true));
	}

}
