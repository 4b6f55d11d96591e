package io.rq.dashboard;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

import io.rq.dashboard.DashboardApi.Change;
import io.rq.operations.BulkRequest;
import io.rq.operations.JobArguments;
import io.rq.operations.Operation;
import io.rq.operations.RqOperations;

/**
 * What can be changed, by path.
 */
final class Changes {

	private Changes() {
	}

	static Change of(Call call, RqOperations operations) {
		List<String> path = call.path();
		byte[] body = call.body();
		if (path.size() == 1) {
			return ofAll(path.get(0), body, operations);
		}
		if (path.size() != 3) {
			throw DashboardApi.unknown();
		}
		return switch (path.get(0)) {
			case "jobs" -> ofJob(path.get(1), path.get(2), body, operations);
			case "queues" -> ofQueue(path.get(1), path.get(2), body, operations);
			case "workers" -> ofWorker(path.get(1), path.get(2), body, operations);
			case "cron" -> ofCron(path.get(1), path.get(2), body, operations);
			case "operations" -> ofBulk(path.get(1), path.get(2), body, operations);
			default -> throw DashboardApi.unknown();
		};
	}

	private static Change ofAll(String name, byte[] body, RqOperations operations) {
		switch (name) {
			case "suspend" -> {
				Duration duration = new Options(body, "seconds").seconds("seconds");
				return new Change(Operation.SUSPEND, null, List.of("workers"), () -> {
					operations.suspend(duration);
					return Map.of("done", true);
				});
			}
			case "resume" -> {
				none(body);
				return new Change(Operation.RESUME, null, List.of("workers"),
						() -> Map.of("done", operations.resume()));
			}
			case "operations" -> {
				BulkRequest request = new Options(body, Options.BULK).bulk();
				return new Change(request.operation(), request.queue(), List.of(), () -> operations.bulk(request));
			}
			default -> throw DashboardApi.unknown();
		}
	}

	private static Change ofBulk(String id, String name, byte[] body, RqOperations operations) {
		none(body);
		return switch (name) {
			case "cancel" -> new Change(Operation.CANCEL, null, List.of(id), () -> {
				DashboardApi.found(operations.cancelBulk(id) ? Optional.of(true) : Optional.empty(), "open operation",
						id);
				return Map.of("done", true);
			});
			case "undo" -> new Change(Operation.UNDO, null, List.of(id),
					() -> DashboardApi.found(operations.undoBulk(id), "operation", id));
			default -> throw DashboardApi.unknown();
		};
	}

	private static Change ofJob(String id, String name, byte[] body, RqOperations operations) {
		switch (name) {
			case "requeue" -> {
				boolean atFront = new Options(body, "atFront").flag("atFront");
				return ofJob(Operation.REQUEUE, id, () -> operations.requeue(id, atFront));
			}
			case "run-now" -> {
				boolean atFront = new Options(body, "atFront").flag("atFront");
				return ofJob(Operation.RUN_NOW, id, () -> operations.runNow(id, atFront));
			}
			case "reschedule" -> {
				Instant at = new Options(body, "at").moment("at");
				return ofJob(Operation.RESCHEDULE, id, () -> operations.reschedule(id, at));
			}
			case "run-again" -> {
				none(body);
				return again(id, operations);
			}
			case "edit" -> {
				JobArguments arguments = new Options(body, "arguments", "namedArguments").arguments();
				return ofJob(Operation.EDIT, id, () -> operations.edit(id, arguments));
			}
			case "move" -> {
				String queue = new Options(body, "queue").text("queue");
				return ofJob(Operation.MOVE, id, () -> operations.move(id, queue));
			}
			case "cancel" -> {
				boolean enqueueDependents = new Options(body, "enqueueDependents").flag("enqueueDependents");
				return ofJob(Operation.CANCEL, id, () -> operations.cancel(id, enqueueDependents));
			}
			case "stop" -> {
				none(body);
				return ofJob(Operation.STOP, id, () -> operations.stop(id));
			}
			case "delete" -> {
				Options options = new Options(body, "deleteDependents", "now");
				boolean deleteDependents = options.flag("deleteDependents");
				boolean now = options.flag("now");
				return new Change(Operation.DELETE, null, List.of(id),
						() -> DashboardApi.found(operations.delete(id, deleteDependents, now), "job", id));
			}
			case "undo" -> {
				none(body);
				return ofJob(Operation.UNDO, id, () -> operations.undo(id));
			}
			default -> throw DashboardApi.unknown();
		}
	}

	private static Change ofJob(Operation operation, String id, BooleanSupplier change) {
		return new Change(operation, null, List.of(id), () -> {
			DashboardApi.found(change.getAsBoolean() ? Optional.of(true) : Optional.empty(), "job", id);
			return Map.of("done", true);
		});
	}

	private static Change again(String id, RqOperations operations) {
		return new Change(Operation.RUN_AGAIN, null, List.of(id),
				() -> Map.of("id", DashboardApi.found(operations.runAgain(id), "job", id)));
	}

	private static Change ofWorker(String worker, String name, byte[] body, RqOperations operations) {
		if (!name.equals("stop")) {
			throw DashboardApi.unknown();
		}
		none(body);
		return new Change(Operation.STOP_WORKER, null, List.of(worker), () -> {
			DashboardApi.found(operations.stopWorker(worker) ? Optional.of(true) : Optional.empty(), "worker", worker);
			return Map.of("done", true);
		});
	}

	private static Change ofQueue(String queue, String name, byte[] body, RqOperations operations) {
		switch (name) {
			case "empty" -> {
				none(body);
				return ofQueue(Operation.EMPTY, queue, List.of(queue), () -> operations.empty(queue));
			}
			case "pause" -> {
				String reason = new Options(body, "reason").text("reason");
				return new Change(Operation.PAUSE_QUEUE, queue, List.of(queue), () -> {
					operations.pauseQueue(queue, reason);
					return Map.of("done", true);
				});
			}
			case "resume" -> {
				none(body);
				return new Change(Operation.RESUME_QUEUE, queue, List.of(queue),
						() -> Map.of("done", operations.resumeQueue(queue)));
			}
			case "requeue" -> {
				List<String> ids = new Options(body, "ids").texts("ids");
				return ofQueue(Operation.REQUEUE, queue, ids, () -> operations.requeueAll(queue, ids));
			}
			default -> throw DashboardApi.unknown();
		}
	}

	private static Change ofQueue(Operation operation, String queue, List<String> targets, LongSupplier change) {
		return new Change(operation, queue, targets, () -> Map.of("count", change.getAsLong()));
	}

	private static Change ofCron(String cron, String name, byte[] body, RqOperations operations) {
		switch (name) {
			case "trigger" -> {
				none(body);
				return new Change(Operation.TRIGGER_CRON, null, List.of(cron),
						() -> Map.of("id", operations.triggerCron(cron)));
			}
			case "pause" -> {
				String reason = new Options(body, "reason").text("reason");
				return new Change(Operation.PAUSE_CRON, null, List.of(cron), () -> {
					operations.pauseCron(cron, reason);
					return Map.of("done", true);
				});
			}
			case "resume" -> {
				none(body);
				return new Change(Operation.RESUME_CRON, null, List.of(cron),
						() -> Map.of("done", operations.resumeCron(cron)));
			}
			default -> throw DashboardApi.unknown();
		}
	}

	private static void none(byte[] body) {
		new Options(body);
	}

}
