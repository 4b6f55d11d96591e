package io.rq.autoconfigure;

import java.time.Clock;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.util.function.SingletonSupplier;

import io.rq.annotation.RqJobDefinitions;
import io.rq.handler.JobListener;
import io.rq.interceptor.JobInterceptor;
import io.rq.redis.AwaitedResults;
import io.rq.redis.JobStore;
import io.rq.serializer.JobSerializer;
import io.rq.template.AfterCommit;
import io.rq.template.JobOutbox;
import io.rq.template.JobPreparation;
import io.rq.template.JobTemplate;
import io.rq.template.SchedulingWatch;

/**
 * What a template is made of, on whichever Redis.
 *
 * @param options the properties
 * @param serializer the serializer of the jobs
 * @param definitions the functions known here
 * @param interceptors who stands around calls
 * @param listeners who hears of jobs
 * @param events told of jobs that could not be enqueued after a commit
 */
record TemplateParts(RqOptions options, JobSerializer serializer, RqJobDefinitions definitions,
		ObjectProvider<JobInterceptor> interceptors, ObjectProvider<JobListener> listeners,
		ApplicationEventPublisher events) {

	JobTemplate template(JobStore store, SchedulingWatch watch, Clock clock, AwaitedResults results,
			@Nullable JobOutbox outbox) {
		RqProperties.Template template = this.options.properties().template();
		JobTemplate jobs = new JobTemplate(store, watch, this.serializer, this.definitions, this.options.template(),
				clock, results, (template.afterCommit() && !template.inline())
						? new AfterCommit(this.events::publishEvent, outbox) : null);
		jobs.setInterceptors(() -> this.interceptors.orderedStream().iterator());
		jobs.setListeners(heard());
		return jobs;
	}

	/** An application with a template of its own has cron jobs all the same. */
	JobPreparation preparation(Clock clock) {
		return new JobPreparation(this.serializer, this.definitions, this.options.template(), clock);
	}

	/**
	 * A listener, as an interceptor, may enqueue jobs itself, so it needs a template
	 * first.
	 */
	Iterable<JobListener> heard() {
		return heard((listener) -> true);
	}

	/** The same of those that hear of the jobs on another Redis too. */
	Iterable<JobListener> heardOnAnyRedis() {
		return heard(JobListener::isForAnyRedis);
	}

	private Iterable<JobListener> heard(Predicate<JobListener> condition) {
		Supplier<List<JobListener>> all = SingletonSupplier
			.of(() -> this.listeners.orderedStream().filter(condition).toList());
		return () -> all.get().iterator();
	}

}
