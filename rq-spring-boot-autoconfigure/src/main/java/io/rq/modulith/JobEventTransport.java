package io.rq.modulith;

import java.util.concurrent.CompletableFuture;

import org.springframework.expression.EvaluationContext;
import org.springframework.expression.spel.support.SimpleEvaluationContext;
import org.springframework.modulith.events.RoutingTarget;
import org.springframework.modulith.events.support.BrokerRouting;
import org.springframework.modulith.events.support.EventExternalizationTransport;
import org.springframework.util.Assert;

import io.rq.job.DuplicateJobException;
import io.rq.job.Job;
import io.rq.job.JobRequest;
import io.rq.template.JobOperations;

/**
 * Enqueues events that are externalized to {@code rq:<queue>} or
 * {@code rq:<queue>::<key>}. The job's function is the name of the event's class, its
 * only argument the event; an event that was mapped to a {@link JobRequest} is enqueued
 * as that. With a key the job's id follows from it, so that an event that is published
 * again while its job is there is not enqueued twice.
 */
public final class JobEventTransport implements EventExternalizationTransport {

	private static final String PREFIX = "rq:";

	private final JobOperations jobs;

	private final EvaluationContext keys = SimpleEvaluationContext.forReadOnlyDataBinding()
		.withInstanceMethods()
		.build();

	/**
	 * Creates the transport.
	 * @param jobs enqueues the events
	 */
	public JobEventTransport(JobOperations jobs) {
		this.jobs = jobs;
	}

	/**
	 * Enqueues an event at once: it has been published after the commit of its
	 * transaction. One with another target is left to other transports.
	 * @return ends with the job, or with {@code null} if nothing was to be enqueued; with
	 * the exception if it could not, which leaves the publication incomplete
	 */
	@Override
	public CompletableFuture<?> externalize(Object payload, RoutingTarget target) {
		if (!target.getTarget().startsWith(PREFIX)) {
			return CompletableFuture.completedFuture(null);
		}
		try {
			return CompletableFuture.completedFuture(this.jobs.enqueue(request(payload, target)));
		}
		catch (DuplicateJobException ex) {
			return CompletableFuture.completedFuture(null);
		}
		catch (RuntimeException ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	private JobRequest request(Object payload, RoutingTarget target) {
		BrokerRouting routing = BrokerRouting.of(target, this.keys);
		String queue = routing.getTarget(payload).substring(PREFIX.length());
		Assert.hasText(queue, () -> "'" + target + "' names no queue: write 'rq:<queue>'");
		String function = payload.getClass().getName();
		JobRequest request = (payload instanceof JobRequest given) ? given : JobRequest.of(function, payload);
		request = request.queue(queue).immediately();
		String key = routing.getKey(payload);
		return (key != null) ? request.id(id(payload.getClass(), key)).unique() : request;
	}

	private static String id(Class<?> type, String key) {
		String id = type.getSimpleName() + "-" + key;
		Assert.isTrue(Job.isValidId(id),
				() -> "The key '" + key + "' of an event has more than letters, digits, '_' and '-', and gives no id");
		return id;
	}

}
