package io.rq.template;

import java.time.Clock;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;
import org.springframework.util.ConcurrentReferenceHashMap;

import io.rq.job.Call;
import io.rq.job.Callback;
import io.rq.job.Job;
import io.rq.job.JobDefinition;
import io.rq.job.JobDefinitions;
import io.rq.job.JobHooks;
import io.rq.job.JobMethod;
import io.rq.job.JobOptions;
import io.rq.job.JobParameter;
import io.rq.job.JobPayload;
import io.rq.job.JobRequest;
import io.rq.job.JobRun;
import io.rq.job.JobStatus;
import io.rq.job.JobTimes;
import io.rq.job.NewJob;
import io.rq.job.QueueName;
import io.rq.job.Retry;
import io.rq.serializer.JobSerializer;

/**
 * Makes jobs of requests: finds out what they call, where they go and with which options,
 * and writes the call. Safe for use by many threads.
 */
public final class JobPreparation {

	private final JobSerializer serializer;

	private final JobDefinitions definitions;

	private final TemplateOptions options;

	private final Clock clock;

	private final ArgumentCheck argumentCheck;

	private final Map<Class<?>, MethodReference> references = new ConcurrentReferenceHashMap<>();

	/**
	 * Creates a preparation.
	 * @param serializer writes arguments and meta data
	 * @param definitions the functions known to this application
	 * @param options what jobs get for which nothing else is chosen
	 * @param clock tells when a job was created
	 */
	public JobPreparation(JobSerializer serializer, JobDefinitions definitions, TemplateOptions options, Clock clock) {
		this(serializer, definitions, options, clock, new ArgumentCheck(serializer));
	}

	JobPreparation(JobSerializer serializer, JobDefinitions definitions, TemplateOptions options, Clock clock,
			ArgumentCheck argumentCheck) {
		this.serializer = serializer;
		this.definitions = definitions;
		this.options = options;
		this.clock = clock;
		this.argumentCheck = argumentCheck;
	}

	/**
	 * Makes a job of a request without storing it, on its queue itself if that is
	 * divided.
	 * @param request the request
	 * @return the job
	 * @throws IllegalArgumentException if it could not be enqueued
	 */
	public NewJob prepare(JobRequest request) {
		JobDefinition definition = definition(request.call());
		String function = (definition != null) ? definition.name() : function(request.call());
		Call call = (request.call().method() != null && definition != null)
				? SuppliedParameters.remove(definition, request.call()) : request.call();
		List<JobParameter> parameters = (definition != null) ? definition.parameters() : List.of();
		byte[] data = this.serializer.writeCall(function, parameters, call.args(), call.kwargs());
		if (definition != null) {
			this.argumentCheck.check(definition, call, data, "The job was not enqueued");
		}
		byte[] meta = call.meta().isEmpty() ? null : this.serializer.writeValue(call.meta());
		checkSize(function, data.length + ((meta != null) ? meta.length : 0L));
		String id = request.target().id();
		String queue = queue(request, definition);
		JobOptions options = options(request, call, definition, function, queue);
		Job job = new Job((id != null) ? id : Job.newId(), queue, JobStatus.CREATED, options,
				JobTimes.createdAt(this.clock.instant()), JobRun.NONE, new JobPayload(data, meta));
		return new NewJob(job, request.target().atFront() || options.links().front(), id != null,
				request.target().unique(), request.target().due());
	}

	/**
	 * Makes a job of a request, on its partition if its queue is divided.
	 * @throws IllegalArgumentException if it could not be enqueued
	 */
	NewJob place(JobRequest request) {
		Assert.isTrue(request.target().id() != null || !request.target().unique(),
				"The job was not enqueued: 'unique()' is about the job's id, and it has none. Choose one with 'id(…)'");
		String orderingKey = request.target().orderingKey();
		Assert.isTrue(orderingKey == null || !request.target().unique(),
				"The job was not enqueued: it has an ordering key, so a job of its id may be on another partition, "
						+ "and 'unique()' cannot tell. Leave out one of them");
		NewJob job = prepare(request);
		return job.onQueue(this.options.partitions()
			.choose(job.job().queue(), (orderingKey != null) ? orderingKey : job.job().id()));
	}

	/**
	 * Says of a request what it calls and where it goes.
	 * @return the request with the names of its function and its queue
	 */
	JobRequest resolve(JobRequest request) {
		JobDefinition definition = definition(request.call());
		String function = (definition != null) ? definition.name() : function(request.call());
		return new JobRequest(request.call().withFunction(function),
				request.target().withQueue(queue(request, definition)), request.options());
	}

	private void checkSize(String function, long size) {
		Assert.isTrue(size <= this.options.maxPayload(),
				() -> "The job was not enqueued: the arguments and meta data for '" + function + "' have " + size
						+ " bytes, but 'rq.job.max-payload-size' allows " + this.options.maxPayload()
						+ ". Pass the name of a file or row instead of its content, or raise the property in every "
						+ "application that shares the queue");
	}

	private @Nullable JobDefinition definition(Call call) {
		JobMethod method = call.method();
		return (method != null) ? definition(method) : this.definitions.find(function(call));
	}

	/**
	 * Returns what a method reference stands for.
	 * @throws IllegalArgumentException if the method is no job
	 */
	JobDefinition definition(JobMethod method) {
		MethodReference reference = reference(method);
		return this.definitions.get(reference.type(), reference.method());
	}

	private Callback named(Callback callback) {
		JobMethod method = callback.method();
		if (method == null) {
			return callback;
		}
		MethodReference reference = reference(method);
		return callback.named(this.definitions.callback(reference.type(), reference.method()));
	}

	private MethodReference reference(JobMethod method) {
		MethodReference reference = this.references.get(method.getClass());
		if (reference == null) {
			reference = MethodReference.of(method);
			// a class that Kotlin makes serves all references of its file
			if (method.getClass().isHidden()) {
				this.references.put(method.getClass(), reference);
			}
		}
		return reference;
	}

	private static String function(Call call) {
		String function = call.function();
		Assert.state(function != null, "A call has a function or a method");
		return function;
	}

	private String queue(JobRequest request, @Nullable JobDefinition definition) {
		String queue = request.target().queue();
		if (queue == null && definition != null) {
			queue = definition.queue();
		}
		return (queue != null) ? QueueName.requireValid(queue) : this.options.defaultQueue();
	}

	private JobOptions options(JobRequest request, Call call, @Nullable JobDefinition definition, String function,
			String queue) {
		JobOptions chosen = request.options();
		if (definition != null) {
			chosen = chosen.orElse(definition.options());
		}
		chosen = chosen.orElse(this.options.defaults().of(queue));
		Retry retry = chosen.retry();
		if (retry != null && retry.jitter() > 0) {
			chosen = chosen.withRetry(retry.drawn());
		}
		if (chosen.links().hasDependencies() && request.target().atFront()) {
			chosen = chosen.withLinks(chosen.links().atFront());
		}
		if (chosen.hooks() != JobHooks.NONE) {
			chosen = chosen.withHooks(chosen.hooks().withCallbacks(this::named));
		}
		return (chosen.description() != null) ? chosen
				: chosen.withDescription(CallDescription.of(function, call.args(), call.kwargs()));
	}

}
