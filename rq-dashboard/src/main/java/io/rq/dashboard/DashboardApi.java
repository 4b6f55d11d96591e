package io.rq.dashboard;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;

import io.rq.history.History;
import io.rq.history.HistoryRange;
import io.rq.log.SafeLog;
import io.rq.operations.AuditTrail;
import io.rq.operations.BulkOperation;
import io.rq.operations.JobDetails;
import io.rq.operations.JobFilter;
import io.rq.operations.JobList;
import io.rq.operations.Operation;
import io.rq.operations.OperationDeniedException;
import io.rq.operations.Refusal;
import io.rq.operations.RqOperations;
import io.rq.queue.Registry;

/**
 * Translates calls into operations and their answers into JSON, in the words of the
 * operations' records.
 */
class DashboardApi {

	private static final SafeLog log = SafeLog.of(DashboardApi.class);

	private final RqOperations operations;

	private final AuditTrail trail;

	DashboardApi(RqOperations operations, AuditTrail trail) {
		this.operations = operations;
		this.trail = trail;
	}

	Answer answer(Call call) {
		try {
			return Answer.json(200, call.reads() ? read(call) : change(call));
		}
		catch (RefusedException ex) {
			return Answer.problem(ex.status(), message(ex));
		}
		catch (RuntimeException ex) {
			return problem(call, ex);
		}
	}

	private static Answer problem(Call call, RuntimeException ex) {
		Refusal refusal = Refusal.of(ex);
		if (refusal == null) {
			log.error("{} {} of the dashboard failed", call.method(), call.path(), ex);
			return Answer.problem(HttpStatus.INTERNAL_SERVER_ERROR, "See the application's log.");
		}
		return switch (refusal) {
			case DENIED -> Answer.problem(HttpStatus.FORBIDDEN, message(ex));
			case MEANINGLESS -> Answer.problem(HttpStatus.BAD_REQUEST, message(ex));
			case INVALID -> Answer.problem(HttpStatus.UNPROCESSABLE_CONTENT, message(ex));
			case CONFLICT -> Answer.problem(HttpStatus.CONFLICT, message(ex));
			case AWAY -> {
				log.debug("Redis could not be asked", ex);
				yield Answer.problem(HttpStatus.SERVICE_UNAVAILABLE, "Redis cannot be asked: " + message(ex));
			}
		};
	}

	private Object read(Call call) {
		RqOperations operations = this.operations.as(call.viewer().operator());
		List<String> path = call.path();
		String first = path.isEmpty() ? "" : path.get(0);
		return switch (path.size()) {
			case 1 -> switch (first) {
				case "me" -> me(call, operations);
				case "overview" -> operations.overview();
				case "workers" -> operations.overview().workers();
				case "schedulers" -> operations.overview().schedulers();
				case "failures" -> failures(call.query("queue"), operations);
				case "cron" -> operations.cron();
				case "history" -> history(call, operations);
				case "doctor" -> operations.doctor();
				case "operations" -> operations.bulkOperations().stream().map((bulk) -> shown(bulk, call)).toList();
				case "audit" -> operations.audit(call.query("before"), call.limit());
				default -> throw unknown();
			};
			case 2 -> switch (first) {
				case "queues" -> found(operations.queue(path.get(1)), "queue", path.get(1));
				case "jobs" -> job(call, operations);
				case "operations" ->
					shown(found(operations.bulkOperation(path.get(1)), "operation", path.get(1)), call);
				default -> throw unknown();
			};
			case 3 -> switch (first) {
				case "queues" -> jobs(call, operations);
				case "jobs" -> ofJob(path, operations);
				default -> throw unknown();
			};
			default -> throw unknown();
		};
	}

	private static History history(Call call, RqOperations operations) {
		String range = call.query("range");
		return operations.history(call.query("queue"), call.query("function"),
				(range != null) ? HistoryRange.of(range) : HistoryRange.HOUR);
	}

	private static Me me(Call call, RqOperations operations) {
		Viewer viewer = call.viewer();
		if (!operations.isAllowed(Operation.READ, null)) {
			throw new OperationDeniedException(viewer.operator(), Operation.READ, null);
		}
		return new Me(viewer.operator().name(), !viewer.guarded(), viewer.guarded(),
				Arrays.stream(Operation.values())
					.filter((operation) -> viewer.guarded() || operation == Operation.READ)
					.filter((operation) -> operations.isAllowed(operation, null))
					.map(Operation::value)
					.toList(),
				viewer.csrf().get());
	}

	private static Object failures(@Nullable String queue, RqOperations operations) {
		return (queue != null) ? operations.failures(queue) : operations.failures();
	}

	private static JobDetails job(Call call, RqOperations operations) {
		String id = call.path().get(1);
		JobDetails job = found(operations.job(id), "job", id);
		return call.viewer().guarded() ? job : job.withoutValues();
	}

	/** A filter may look for arguments, and reasons may name them. */
	private static BulkOperation shown(BulkOperation bulk, Call call) {
		return call.viewer().guarded() ? bulk : bulk.withoutValues();
	}

	private static Object ofJob(List<String> path, RqOperations operations) {
		String id = path.get(1);
		return switch (path.get(2)) {
			case "explain" -> operations.explain(id);
			case "stack" -> operations.stack(id)
				.orElseThrow(() -> new RefusedException(HttpStatus.NOT_FOUND,
						"Job '" + id + "' does not run in the process that shows this page."));
			default -> throw unknown();
		};
	}

	private static JobList jobs(Call call, RqOperations operations) {
		String state = call.path().get(2);
		Registry registry = found(Optional.ofNullable(Registry.find(state)), "state", state);
		boolean values = call.viewer().guarded();
		JobFilter filter = new JobFilter(call.query("text"), call.query("failure"), call.query("function"));
		if (filter.text() != null && !values) {
			throw new RefusedException(HttpStatus.FORBIDDEN,
					"A search looks at arguments too, which are hidden without Spring Security.");
		}
		JobList list = operations.jobs(call.path().get(1), registry, filter, call.query("cursor"), call.limit());
		return values ? list : list.withoutValues();
	}

	private Object change(Call call) {
		if (!call.method().equals("POST")) {
			throw new RefusedException(HttpStatus.METHOD_NOT_ALLOWED, "Only GET and POST are known.");
		}
		Viewer viewer = call.viewer();
		Change change = Changes.of(call, this.operations.as(viewer.operator()));
		if (!viewer.guarded()) {
			this.trail.refused(viewer.operator(), change.operation(), change.queue(), change.targets());
			throw new RefusedException(HttpStatus.FORBIDDEN,
					"Without Spring Security the dashboard only shows. Add spring-boot-starter-security.");
		}
		return change.carryOut().get();
	}

	static <T> T found(Optional<T> thing, String kind, String name) {
		return thing.orElseThrow(() -> new RefusedException(HttpStatus.NOT_FOUND,
				"There is no " + kind + " '" + name + "' (any more)."));
	}

	static RefusedException unknown() {
		return new RefusedException(HttpStatus.NOT_FOUND, "There is nothing of that name.");
	}

	private static String message(Exception ex) {
		String message = ex.getMessage();
		return (message != null) ? message : ex.getClass().getName();
	}

	/**
	 * Who looks, and what they may do.
	 *
	 * @param name their name in the record of operations
	 * @param readOnly whether they may change nothing because there is no security
	 * @param values whether they see arguments, meta data and results
	 * @param operations what they may do on all queues
	 * @param csrf what has to be sent with every change, or {@code null}
	 */
	record Me(String name, boolean readOnly, boolean values, List<String> operations, Viewer.@Nullable Csrf csrf) {

	}

	/**
	 * Something to do.
	 *
	 * @param operation what
	 * @param queue the queue that is meant, or {@code null}
	 * @param targets the ids or names of what is meant
	 * @param carryOut does it and returns the answer
	 */
	record Change(Operation operation, @Nullable String queue, List<String> targets, Supplier<?> carryOut) {

	}

}
