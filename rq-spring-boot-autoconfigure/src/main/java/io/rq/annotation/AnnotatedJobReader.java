package io.rq.annotation;

import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.core.ResolvableType;
import org.springframework.util.StringValueResolver;

import io.rq.handler.ReturnType;
import io.rq.job.DeclaredType;
import io.rq.job.JobDefinition;
import io.rq.job.JobLinks;
import io.rq.job.JobOptions;
import io.rq.job.JobParameter;
import io.rq.job.QueueName;
import io.rq.job.RateLimit;
import io.rq.job.Retry;

/**
 * Checks one annotated method and its annotation and makes a definition of them.
 */
final class AnnotatedJobReader {

	private final RqJobMethod source;

	private final RqJob annotation;

	private final AnnotationTexts texts;

	AnnotatedJobReader(RqJobMethod source, StringValueResolver resolver) {
		this.source = source;
		this.annotation = source.annotation();
		this.texts = new AnnotationTexts(source, resolver);
	}

	JobDefinition read() {
		Method method = this.source.method();
		this.source.checkModifiers("jobs");
		List<JobParameter> parameters = this.source.parameters();
		parameters.forEach(this::checkType);
		checkReturn();
		String name = this.texts.resolve("name", this.annotation.name());
		return new JobDefinition((name != null) ? name : this.source.type().getName() + "." + method.getName(),
				aliases(), queue(), options(), method, parameters);
	}

	private List<String> aliases() {
		List<String> aliases = new ArrayList<>();
		for (String text : this.annotation.aliases()) {
			String alias = this.texts.resolve("aliases", text);
			if (alias == null) {
				throw this.source.failure("one of its aliases is empty", "Remove it, or give it a name");
			}
			aliases.add(alias);
		}
		return List.copyOf(aliases);
	}

	private void checkType(JobParameter parameter) {
		if (DeclaredType.hasVariable(parameter.type())) {
			throw this.source.failure(
					"the type " + parameter.declaration().getParameterizedType().getTypeName() + " of its parameter '"
							+ parameter.name() + "' is not known at run time",
					"Override it in " + this.source.type().getName() + " with the actual type");
		}
	}

	private void checkReturn() {
		Type declared = this.source.returnType();
		if (this.source.isAsync() && !Future.class.isAssignableFrom(ResolvableType.forType(declared).toClass())) {
			throw this.source.failure("it is asynchronous and returns nothing to wait for, so that it could not fail",
					"Remove @Async, because a job has a thread of its own, or let it return a CompletableFuture");
		}
		if (Stream.of(this.source.method().getParameterTypes())
			.anyMatch((type) -> type.getName().equals("kotlin.coroutines.Continuation"))) {
			throw this.source.failure("it is a suspending function, which the worker cannot wait for",
					"Remove 'suspend' and call the suspending code in runBlocking { … }");
		}
		String problem = ReturnType.problem(declared);
		if (problem != null) {
			throw this.source.failure(problem, "Let it return the value, a list of values, or one future of them, "
					+ "for instance by collecting a stream or by CompletableFuture.allOf");
		}
	}

	private @Nullable String queue() {
		String queue = this.texts.resolve("queue", this.annotation.queue());
		try {
			return (queue != null) ? QueueName.requireValid(queue) : null;
		}
		catch (IllegalArgumentException ex) {
			throw this.source.failure("queue '" + queue + "' is malformed",
					"Choose a name without commas that does not end in ':intermediate'", ex);
		}
	}

	private JobOptions options() {
		Duration ttl = this.texts.duration("ttl", this.annotation.ttl(), DurationRange.POSITIVE);
		JobOptions options = new JobOptions(this.texts.resolve("description", this.annotation.description()),
				this.texts.duration("timeout", this.annotation.timeout(), DurationRange.POSITIVE_OR_UNLIMITED), ttl,
				this.texts.duration("resultTtl", this.annotation.resultTtl(), DurationRange.ANY),
				this.texts.duration("failureTtl", this.annotation.failureTtl(), DurationRange.ANY), retry(), null);
		RateLimit limit = new AnnotatedLimitReader(this.source, this.texts).read();
		return (limit != null) ? options.withLinks(JobLinks.NONE.withRateLimit(limit)) : options;
	}

	private @Nullable Retry retry() {
		int retries = this.annotation.retries();
		if (retries < -1) {
			throw this.source.failure("retries is " + retries, "Give 0 or more retries");
		}
		if (retries <= 0) {
			checkNoWaits();
			return (retries < 0) ? null : Retry.NONE;
		}
		Retry retry = waits(Retry.max(retries));
		return this.annotation.retryAtFront() ? retry.atFront() : retry;
	}

	private void checkNoWaits() {
		if (this.annotation.intervals().length > 0) {
			throw this.source.failure(
					"it has intervals " + Arrays.toString(this.annotation.intervals()) + " but no retries",
					"Add 'retries' or remove 'intervals'");
		}
		if (hasBackoff()) {
			throw this.source.failure("it has a backoff but no retries", "Add 'retries' or remove 'backoff'");
		}
	}

	private boolean hasBackoff() {
		return !this.annotation.backoff().first().isEmpty();
	}

	private Retry waits(Retry retry) {
		int[] intervals = this.annotation.intervals();
		if (Arrays.stream(intervals).anyMatch((interval) -> interval < 0)) {
			throw this.source.failure("intervals are " + Arrays.toString(intervals),
					"Give waits of 0 (at once) or more seconds");
		}
		if (!hasBackoff()) {
			return (intervals.length > 0) ? retry.intervals(intervals) : retry;
		}
		if (intervals.length > 0) {
			throw this.source.failure("it has both intervals and a backoff", "Remove one of them");
		}
		Backoff backoff = this.annotation.backoff();
		Duration first = this.texts.duration("backoff.first", backoff.first(), DurationRange.POSITIVE);
		Duration longest = this.texts.duration("backoff.longest", backoff.longest(), DurationRange.POSITIVE);
		if (first == null || longest == null) {
			throw this.source.failure("a duration of its backoff is empty", "Give one such as '10s'");
		}
		try {
			return retry.exponential(first, longest).jitter(backoff.jitter());
		}
		catch (IllegalArgumentException ex) {
			throw this.source.failure("its backoff is wrong: " + ex.getMessage(),
					"Give waits such as @Backoff(first = \"10s\", longest = \"1h\", jitter = 0.2)", ex);
		}
	}

}
