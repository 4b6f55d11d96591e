package io.rq.operations;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.rq.RqException;
import io.rq.job.Call;
import io.rq.job.Callback;
import io.rq.job.InvalidJobException;
import io.rq.job.Job;
import io.rq.job.JobHooks;
import io.rq.job.JobOptions;
import io.rq.job.JobResult;
import io.rq.job.JobStatus;
import io.rq.job.Repeat;
import io.rq.job.Retry;
import io.rq.queue.QueuePosition;
import io.rq.redis.JobReader;
import io.rq.redis.NewestResults;
import io.rq.template.JobOperations;
import io.rq.template.QueueOperations;
import io.rq.webhook.WebhookJobs;

/**
 * Puts together all that is known of a job.
 */
class JobDetailsReader {

	private static final int MOST_TIES = 100;

	private static final String TOO_LONG = "The result has more than " + NewestResults.LONGEST_VALUE
			+ " bytes in Redis and is not shown";

	private final JobOperations jobs;

	private final QueueOperations queues;

	private final JobReader reader;

	JobDetailsReader(JobOperations jobs, QueueOperations queues, JobReader reader) {
		this.jobs = jobs;
		this.queues = queues;
		this.reader = reader;
	}

	Optional<JobDetails> find(String id) {
		return this.jobs.find(id).map(this::details);
	}

	/** The queue of a job, {@code null} if nobody can tell. */
	@Nullable String queue(String id) {
		try {
			return this.jobs.find(id).map(Job::queue).orElse(null);
		}
		catch (InvalidJobException ex) {
			return null;
		}
	}

	/**
	 * The queues of the jobs that wait for a job, and if wanted of those that wait for
	 * them. If there are more than a hundred jobs, or one names no queue, {@code null} is
	 * among them, for all queues.
	 */
	Set<@Nullable String> queuesOfDependents(String id, boolean all) {
		Set<String> found = new HashSet<>();
		Deque<String> open = new ArrayDeque<>(Job.isValidId(id) ? List.of(id) : List.of());
		while (!open.isEmpty() && found.size() <= MOST_TIES) {
			for (String dependent : this.reader.someDependents(open.remove(), MOST_TIES + 1)) {
				if (found.add(dependent) && all) {
					open.add(dependent);
				}
			}
		}
		Set<@Nullable String> queues = new HashSet<>(this.reader.queues(found));
		if (queues.remove("") || found.size() > MOST_TIES) {
			queues.add(null);
		}
		return queues;
	}

	private JobDetails details(Job job) {
		String id = job.id();
		Call call = null;
		String unreadable = null;
		try {
			call = this.jobs.call(id).orElse(null);
		}
		catch (RqException ex) {
			unreadable = ex.getMessage();
		}
		NewestResults outcomes = this.reader.outcomes(id);
		return new JobDetails(id, job.queue(), job.status().value(), (call != null) ? call.function() : null,
				job.description(), job.times(), job.workerName(), place(job), settings(job.options()), ties(job),
				outcomes.newestFirst().stream().map(JobDetailsReader::attempt).toList(), this.jobs.executions(id),
				(call != null) ? values(call, outcomes) : null, unreadable);
	}

	private JobDetails.Place place(Job job) {
		String position = (job.status() == JobStatus.QUEUED)
				? this.queues.position(job.queue(), job.id()).map(QueuePosition::toString).orElse(null) : null;
		Instant due = (job.status() == JobStatus.SCHEDULED) ? this.reader.dueTime(job).orElse(null) : null;
		return new JobDetails.Place(position, due, this.reader.expirationTime(job).orElse(null));
	}

	private static JobDetails.Settings settings(JobOptions options) {
		Retry retry = options.retry();
		Repeat repeat = options.repeat();
		return new JobDetails.Settings(options.timeout(), options.ttl(), options.resultTtl(), options.failureTtl(),
				(retry != null) ? retry.retries() : null, (retry != null) ? retry.intervalSeconds() : List.of(),
				(repeat != null) ? repeat.times() : null, (repeat != null) ? repeat.intervalSeconds() : List.of(),
				options.links().rateLimit(), callbacks(options.hooks()));
	}

	private static Map<String, String> callbacks(JobHooks hooks) {
		Map<String, @Nullable Callback> all = new LinkedHashMap<>();
		all.put("success", hooks.onSuccess());
		all.put("failure", hooks.onFailure());
		all.put("stopped", hooks.onStopped());
		Map<String, String> callbacks = new LinkedHashMap<>();
		all.forEach((event, callback) -> {
			if (callback != null && callback.name() != null) {
				callbacks.put(event, callback.name());
			}
		});
		return callbacks;
	}

	private JobDetails.Ties ties(Job job) {
		List<String> dependencies = job.dependencyIds().stream().limit(MOST_TIES).toList();
		List<String> waiting = this.reader.someDependents(job.id(), MOST_TIES);
		Map<String, String> statuses = new HashMap<>();
		this.jobs.findAll(Stream.concat(dependencies.stream(), waiting.stream()).toList())
			.forEach((other) -> statuses.put(other.id(), other.status().value()));
		return new JobDetails.Ties(ties(dependencies, statuses), job.options().links().failureAllowed(),
				ties(waiting, statuses), this.reader.countDependents(job.id()), job.group());
	}

	private static List<JobDetails.Tie> ties(List<String> ids, Map<String, String> statuses) {
		return ids.stream().map((id) -> new JobDetails.Tie(id, statuses.get(id))).toList();
	}

	private static JobDetails.Attempt attempt(JobResult result) {
		JobResult.Run run = result.run();
		String trace = result.exception();
		return new JobDetails.Attempt(result.type().name().toLowerCase(Locale.ROOT), run.workerName(),
				run.executionId(), run.startedAt(), run.endedAt(), result.createdAt(),
				(trace != null) ? FailureKind.of(trace) : null, trace);
	}

	private JobDetails.Values values(Call call, NewestResults outcomes) {
		Object result = outcomes.newestFirst()
			.stream()
			.findFirst()
			.filter((last) -> last.type() == JobResult.Type.SUCCESSFUL)
			.flatMap((last) -> outcomes.valueTooLong() ? Optional.of(TOO_LONG) : value(last))
			.orElse(null);
		if (WebhookJobs.FUNCTION.equals(call.function())) {
			return new JobDetails.Values(WebhookJobs.shown(call.args()), Map.of(), call.meta(), result);
		}
		return new JobDetails.Values(call.args(), call.kwargs(), call.meta(), result);
	}

	private Optional<Object> value(JobResult result) {
		try {
			return this.jobs.value(result, Object.class);
		}
		catch (RqException ex) {
			return Optional.of(String.valueOf(ex.getMessage()));
		}
	}

}
