package io.rq.worker;

import java.util.List;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.util.function.SingletonSupplier;

import io.rq.handler.JobExceptionHandler;
import io.rq.handler.JobHandlerRegistry;
import io.rq.handler.JobListener;
import io.rq.interceptor.JobInterceptor;
import io.rq.serializer.JobSerializer;
import io.rq.webhook.WebhookJobs;

/**
 * What an application has for the jobs it runs. The beans around its jobs are asked for
 * once, when the first worker starts, and may need the worker.
 *
 * @param handlers the handlers of the jobs
 * @param serializer the serializer of the jobs
 * @param listeners gets who hears what becomes of jobs
 * @param exceptionHandlers gets who decides what becomes of failed attempts, in their
 * order
 * @param interceptors gets who stands around runs, the outermost first
 * @param webhooks makes the jobs that send webhooks, or {@code null} to send none
 */
public record JobHandling(JobHandlerRegistry handlers, JobSerializer serializer, Supplier<List<JobListener>> listeners,
		Supplier<List<JobExceptionHandler>> exceptionHandlers, Supplier<List<JobInterceptor>> interceptors,
		@Nullable WebhookJobs webhooks) {

	/**
	 * Asks each supplier once.
	 */
	public JobHandling {
		listeners = SingletonSupplier.of(listeners)::obtain;
		exceptionHandlers = SingletonSupplier.of(exceptionHandlers)::obtain;
		interceptors = SingletonSupplier.of(interceptors)::obtain;
	}

	/**
	 * Creates one of handlers alone.
	 * @param handlers the handlers of the jobs
	 * @param serializer the serializer of the jobs
	 * @return nobody listens, decides, stands around or is sent a webhook
	 */
	public static JobHandling of(JobHandlerRegistry handlers, JobSerializer serializer) {
		return new JobHandling(handlers, serializer, List::of, List::of, List::of, null);
	}

	/**
	 * Sends no webhooks.
	 * @return the changed copy
	 */
	public JobHandling withoutWebhooks() {
		return new JobHandling(this.handlers, this.serializer, this.listeners, this.exceptionHandlers,
				this.interceptors, null);
	}

	/**
	 * Replaces the listeners.
	 * @param listeners gets who hears what becomes of jobs
	 * @return the changed copy
	 */
	public JobHandling withListeners(Supplier<List<JobListener>> listeners) {
		return new JobHandling(this.handlers, this.serializer, listeners, this.exceptionHandlers, this.interceptors,
				this.webhooks);
	}

}
