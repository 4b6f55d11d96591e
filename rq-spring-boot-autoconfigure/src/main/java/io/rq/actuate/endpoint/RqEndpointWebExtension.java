package io.rq.actuate.endpoint;

import java.security.Principal;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;
import org.springframework.util.Assert;
import org.springframework.util.StringUtils;

import io.rq.history.HistoryRange;
import io.rq.log.SafeLog;
import io.rq.operations.BulkOptions;
import io.rq.operations.BulkRequest;
import io.rq.operations.JobFilter;
import io.rq.operations.Operation;
import io.rq.operations.Operator;
import io.rq.operations.Refusal;
import io.rq.operations.RqOperations;
import io.rq.queue.Registry;

/**
 * {@link RqEndpoint} over HTTP: lists, jobs, failures and the record of operations to
 * read; and what can be done, by whoever is authenticated and has the role. Errors are
 * told as a {@link Problem}.
 */
@EndpointWebExtension(endpoint = RqEndpoint.class)
public class RqEndpointWebExtension {

	private static final SafeLog log = SafeLog.of(RqEndpointWebExtension.class);

	private static final int DEFAULT_LIMIT = 20;

	private static final String ANONYMOUS = "anonymous";

	private final RqOperations operations;

	private final Values values;

	private final Collection<String> authorities;

	/**
	 * Creates the extension.
	 * @param operations what is read and done
	 * @param values what is shown of arguments and results
	 * @param authorities those that count for the roles of operators
	 */
	public RqEndpointWebExtension(RqOperations operations, Values values, Collection<String> authorities) {
		this.operations = operations;
		this.values = values;
		this.authorities = List.copyOf(authorities);
	}

	/**
	 * Shows all queues, workers, schedulers, rate limits and cron jobs.
	 * @param security who asks
	 * @return the answer
	 */
	@ReadOperation
	public WebEndpointResponse<Object> rq(SecurityContext security) {
		return answer(() -> Optional.of(RqDescriptor.of(as(security).overview())));
	}

	/**
	 * Shows one kind of things: {@code workers}, {@code schedulers}, {@code cron},
	 * {@code failures}, {@code doctor}, {@code audit}, {@code history},
	 * {@code operations}; or a queue.
	 * @param security who asks
	 * @param what the kind or the queue's name
	 * @param cursor where the page before ended, of those that have pages
	 * @param limit how many a page has
	 * @param queue of {@code history}: the queue
	 * @param function of {@code history}: the function
	 * @param range of {@code history}: how far back
	 * @return the answer
	 */
	@ReadOperation
	public WebEndpointResponse<Object> read(SecurityContext security, @Selector String what, @Nullable String cursor,
			@Nullable Integer limit, @Nullable String queue, @Nullable String function, @Nullable String range) {
		RqOperations operations = as(security);
		return answer(() -> switch (what) {
			case "workers" -> Optional.of(operations.overview().workers());
			case "schedulers" -> Optional.of(operations.overview().schedulers());
			case "cron" -> Optional.of(operations.overview().cron());
			case "failures" -> Optional.of(operations.failures());
			case "doctor" -> Optional.of(operations.doctor());
			case "audit" -> Optional.of(operations.audit(cursor, size(limit)));
			case "history" -> Optional
				.of(operations.history(queue, function, (range != null) ? HistoryRange.of(range) : HistoryRange.HOUR));
			case "operations" -> Optional.of(operations.bulkOperations()
				.stream()
				.map((bulk) -> this.values.areShownTo(security) ? bulk : bulk.withoutValues())
				.toList());
			default -> operations.queue(what);
		});
	}

	/**
	 * Shows a job ({@code job/<id>}), the failures of a queue ({@code failures/<queue>}),
	 * a bulk operation ({@code operations/<id>}), or the jobs of a queue that are in a
	 * state ({@code <queue>/<state>}).
	 * @param security who asks
	 * @param what {@code job}, {@code failures} or the queue's name
	 * @param which the job's id, the queue's name or the state
	 * @param cursor where the page before ended
	 * @param limit how many jobs a page has
	 * @param text what the description of a job has in it
	 * @param failure the id of a group of failures
	 * @param function the function of a job
	 * @return the answer
	 */
	@ReadOperation
	public WebEndpointResponse<Object> readOne(SecurityContext security, @Selector String what, @Selector String which,
			@Nullable String cursor, @Nullable Integer limit, @Nullable String text, @Nullable String failure,
			@Nullable String function) {
		RqOperations operations = as(security);
		return answer(() -> switch (what) {
			case "job" -> operations.job(which).map((job) -> this.values.of(job, security));
			case "failures" -> Optional.of(operations.failures(which));
			case "operations" -> operations.bulkOperation(which)
				.map((bulk) -> this.values.areShownTo(security) ? bulk : bulk.withoutValues());
			default -> {
				JobFilter filter = filter(security, text, failure).ofFunction(function);
				yield Optional
					.of(this.values.of(operations.jobs(what, registry(which), filter, cursor, size(limit)), security));
			}
		});
	}

	/**
	 * Explains why a job does not run ({@code job/<id>/explain}), or shows the stack of
	 * the thread that runs it here ({@code job/<id>/stack}).
	 * @param security who asks
	 * @param what {@code job}
	 * @param id the job's id
	 * @param question {@code explain} or {@code stack}
	 * @return the answer
	 */
	@ReadOperation
	public WebEndpointResponse<Object> readMore(SecurityContext security, @Selector String what, @Selector String id,
			@Selector String question) {
		return answer(() -> switch (what + "/" + question) {
			case "job/explain" -> Optional.of(as(security).explain(id));
			case "job/stack" -> as(security).stack(id);
			default -> Optional.empty();
		});
	}

	/**
	 * Begins something that is done to many jobs ({@code operations}), which then goes on
	 * by itself.
	 * @param security who asks
	 * @param what {@code operations}
	 * @param operation what is done to each job
	 * @param queue the queue
	 * @param registry which of its lists, or {@code null} if jobs are named
	 * @param text what the description of a job has in it
	 * @param failure the id of a group of failures
	 * @param function the function of a job
	 * @param from the earliest time of a job that is meant
	 * @param to the time before which it must be
	 * @param ids the jobs that are named, in one text with commas
	 * @param atFront of {@code requeue} and {@code run-now}: whether the job is the next
	 * to run
	 * @param enqueueDependents of {@code cancel}: whether jobs that wait for this one
	 * alone are put on their queues
	 * @param deleteDependents of {@code delete}: whether jobs that wait for this one are
	 * deleted too
	 * @param at of {@code reschedule}: when the job is due
	 * @param target of {@code move}: the other queue
	 * @param now of {@code delete}: whether the jobs are to be gone for good at once
	 * @param dryRun whether only to count which jobs are meant
	 * @return the operation
	 */
	@WriteOperation
	public WebEndpointResponse<Object> begin(SecurityContext security, @Selector String what,
			@Nullable String operation, @Nullable String queue, @Nullable String registry, @Nullable String text,
			@Nullable String failure, @Nullable String function, @Nullable String from, @Nullable String to,
			@Nullable List<String> ids, @Nullable Boolean atFront, @Nullable Boolean enqueueDependents,
			@Nullable Boolean deleteDependents, @Nullable String at, @Nullable String target, @Nullable Boolean now,
			@Nullable Boolean dryRun) {
		return change(security, (operations) -> {
			if (!what.equals("operations")) {
				return Optional.empty();
			}
			BulkOptions options = new BulkOptions(Boolean.TRUE.equals(atFront), Boolean.TRUE.equals(enqueueDependents),
					Boolean.TRUE.equals(deleteDependents), (at != null) ? instant("at", at) : null, target,
					Boolean.TRUE.equals(now));
			return Optional.of(operations.bulk(new BulkRequest(Operation.of((operation != null) ? operation : ""),
					(queue != null) ? queue : "", (registry != null) ? registry(registry) : null,
					filter(security, text, failure).ofFunction(function), (from != null) ? instant("from", from) : null,
					(to != null) ? instant("to", to) : null, (ids != null) ? ids : List.of(), options, null,
					Boolean.TRUE.equals(dryRun))));
		});
	}

	/**
	 * Suspends all workers ({@code all/suspend}) or lets them go on ({@code all/resume}).
	 * @param security who asks
	 * @param what {@code all}
	 * @param operation the operation
	 * @param seconds for how long, or {@code null} until they are resumed
	 * @return the answer
	 */
	@WriteOperation
	public WebEndpointResponse<Object> changeAll(SecurityContext security, @Selector String what,
			@Selector String operation, @Nullable Long seconds) {
		return change(security, (operations) -> switch (what + "/" + operation) {
			case "all/suspend" -> {
				operations.suspend((seconds != null) ? Duration.ofSeconds(seconds) : null);
				yield Optional.of(true);
			}
			case "all/resume" -> Optional.of(operations.resume());
			default -> Optional.empty();
		});
	}

	/**
	 * Does something to a job ({@code job/<id>/<operation>}), a queue
	 * ({@code queue/<name>/<operation>}), a worker ({@code worker/<name>/stop}) or a cron
	 * job ({@code cron/<name>/<operation>}).
	 * @param security who asks
	 * @param what {@code job}, {@code queue}, {@code worker} or {@code cron}
	 * @param name the id or name
	 * @param operation the operation
	 * @param atFront of {@code requeue} and {@code run-now}: whether the job is the next
	 * to run
	 * @param enqueueDependents of {@code cancel}: whether jobs that wait for this one
	 * alone are put on their queues
	 * @param deleteDependents of {@code delete}: whether jobs that wait for this one are
	 * deleted too
	 * @param now of {@code delete}: whether the job is to be gone for good at once
	 * @param time of {@code reschedule}: when the job is due
	 * @param ids of {@code requeue} of a queue: the jobs, in one text with commas, since
	 * Actuator reads texts only
	 * @param queue of {@code move}: the other queue
	 * @param arguments of {@code edit}: all arguments by position, a text with a JSON
	 * array; if it is missing they stay as they are
	 * @param namedArguments of {@code edit}: all arguments by name, a text with a JSON
	 * object; if it is missing they stay as they are
	 * @param reason of {@code pause}: why
	 * @return the answer
	 */
	@WriteOperation
	public WebEndpointResponse<Object> changeOne(SecurityContext security, @Selector String what, @Selector String name,
			@Selector String operation, @Nullable Boolean atFront, @Nullable Boolean enqueueDependents,
			@Nullable Boolean deleteDependents, @Nullable Boolean now, @Nullable String time,
			@Nullable List<String> ids, @Nullable String queue, @Nullable String arguments,
			@Nullable String namedArguments, @Nullable String reason) {
		boolean front = Boolean.TRUE.equals(atFront);
		return change(security, (operations) -> switch (what + "/" + operation) {
			case "job/requeue" -> found(operations.requeue(name, front));
			case "job/run-now" -> found(operations.runNow(name, front));
			case "job/reschedule" -> found(operations.reschedule(name, instant("time", time)));
			case "job/run-again" -> operations.runAgain(name);
			case "job/edit" -> found(operations.edit(name, ArgumentTexts.read(arguments, namedArguments)));
			case "job/move" -> found(operations.move(name, (queue != null) ? queue : ""));
			case "job/cancel" -> found(operations.cancel(name, Boolean.TRUE.equals(enqueueDependents)));
			case "job/stop" -> found(operations.stop(name));
			case "job/delete" ->
				operations.delete(name, Boolean.TRUE.equals(deleteDependents), Boolean.TRUE.equals(now));
			case "job/undo" -> found(operations.undo(name));
			case "queue/pause" -> {
				operations.pauseQueue(name, (reason != null) ? reason : "");
				yield Optional.of(true);
			}
			case "queue/resume" -> Optional.of(operations.resumeQueue(name));
			case "queue/empty" -> Optional.of(operations.empty(name));
			case "queue/requeue" -> Optional.of(operations.requeueAll(name, (ids != null) ? ids : List.of()));
			case "worker/stop" -> found(operations.stopWorker(name));
			case "operations/cancel" -> found(operations.cancelBulk(name));
			case "operations/undo" -> operations.undoBulk(name);
			case "cron/trigger" -> Optional.of(operations.triggerCron(name));
			case "cron/pause" -> {
				operations.pauseCron(name, (reason != null) ? reason : "");
				yield Optional.of(true);
			}
			case "cron/resume" -> Optional.of(operations.resumeCron(name));
			default -> Optional.empty();
		});
	}

	private RqOperations as(SecurityContext security) {
		Principal principal = security.getPrincipal();
		String name = (principal != null) ? principal.getName() : null;
		Set<String> held = this.authorities.stream()
			.filter((authority) -> Show.WHEN_AUTHORIZED.isShown(security, Set.of(authority)))
			.collect(Collectors.toSet());
		return this.operations
			.as(new Operator((name != null && !name.isBlank()) ? name : ANONYMOUS, held, Operator.Face.ENDPOINT));
	}

	private WebEndpointResponse<Object> change(SecurityContext security,
			Function<RqOperations, Optional<? extends Object>> change) {
		if (security.getPrincipal() == null) {
			return problem(403, "Forbidden", "Only someone who is authenticated and has a role may change anything "
					+ "here, and nobody is: secure Actuator with Spring Security, or use RqOperations in Java");
		}
		return answer(() -> change.apply(as(security)).map((done) -> Map.of("result", done)));
	}

	private static WebEndpointResponse<Object> answer(Supplier<Optional<? extends Object>> read) {
		try {
			Object answer = read.get().orElse(null);
			if (answer == null) {
				return problem(404, "Not Found", "There is no such queue, job or operation");
			}
			return new WebEndpointResponse<>((answer instanceof RqDescriptor) ? answer : new Answer(answer));
		}
		catch (RuntimeException ex) {
			Refusal refusal = Refusal.of(ex);
			if (refusal == null) {
				throw ex;
			}
			return problem(refusal, ex);
		}
	}

	private static WebEndpointResponse<Object> problem(Refusal refusal, RuntimeException ex) {
		return switch (refusal) {
			case DENIED -> problem(403, "Forbidden", ex.getMessage());
			case MEANINGLESS -> problem(400, "Bad Request", ex.getMessage());
			case INVALID -> problem(422, "Unprocessable Content", ex.getMessage());
			case CONFLICT -> problem(409, "Conflict", ex.getMessage());
			case AWAY -> {
				log.warn("Redis cannot be asked for the endpoint 'rq'", ex);
				yield problem(503, "Service Unavailable", "Redis cannot be asked; the log says why");
			}
		};
	}

	private static WebEndpointResponse<Object> problem(int status, String title, @Nullable String detail) {
		return new WebEndpointResponse<>(new Problem(status, title, detail), status);
	}

	private static Optional<Boolean> found(boolean found) {
		return found ? Optional.of(true) : Optional.empty();
	}

	private static int size(@Nullable Integer limit) {
		return (limit != null) ? limit : DEFAULT_LIMIT;
	}

	private static Registry registry(String state) {
		Registry registry = Registry.find(state);
		Assert.notNull(registry, () -> "There is no state '" + StringUtils.truncate(state) + "'; use one of "
				+ List.of(Registry.values()).toString().toLowerCase(Locale.ROOT));
		return registry;
	}

	private JobFilter filter(SecurityContext security, @Nullable String text, @Nullable String failure) {
		JobFilter filter = new JobFilter(text, failure);
		Assert.isTrue(filter.text() == null || this.values.areShownTo(security),
				"'text' would look for arguments, which are hidden here: see management.endpoint.rq.show-values");
		return filter;
	}

	private static Instant instant(String name, @Nullable String time) {
		try {
			return Instant.parse((time != null) ? time : "");
		}
		catch (DateTimeParseException ex) {
			throw new IllegalArgumentException("'" + name + "' must be a moment such as 2026-01-31T12:00:00Z", ex);
		}
	}

}
