package io.rq.redis;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * The registrations of workers, of every language.
 */
public class WorkerStore {

	private final RedisScripts scripts;

	private final QueueStore queues;

	private final Clock clock;

	/**
	 * Creates the store.
	 * @param scripts the scripts on the connections to Redis
	 * @param clock the clock for times that only inform people
	 */
	public WorkerStore(RedisScripts scripts, Clock clock) {
		this.scripts = scripts;
		this.queues = new QueueStore(scripts);
		this.clock = clock;
	}

	/**
	 * Registers a worker, anew or again.
	 * @param worker the worker
	 * @param timeToLive how long the registration lasts without a beat, in whole seconds
	 * @return {@code false} if a living worker of another process has that name
	 */
	public boolean register(WorkerIdentity worker, Duration timeToLive) {
		return calls(worker).stream().allMatch((queues) -> register(worker, queues, timeToLive));
	}

	private boolean register(WorkerIdentity worker, List<String> queues, Duration timeToLive) {
		ScriptArguments arguments = keys(worker, queues);
		for (String queue : queues) {
			QueueKeys keys = this.scripts.keys(queue);
			arguments.key(keys.workersOfQueue()).key(keys.takers());
		}
		arguments.add(worker.name()).add(timeToLive.toSeconds());
		fields(worker).forEach((name, value) -> arguments.add(name).add(value));
		return this.scripts.count(Script.REGISTER, arguments) == 1;
	}

	private Map<String, String> fields(WorkerIdentity worker) {
		Map<String, String> fields = new HashMap<>();
		fields.put("birth", Timestamps.text(worker.birth()));
		fields.put("last_heartbeat", Timestamps.text(this.clock.instant()));
		fields.put("queues", String.join(",", worker.queues()));
		fields.put("pid", Long.toString(worker.pid()));
		fields.put("hostname", worker.hostname());
		fields.put("ip_address", "unknown");
		fields.put("version", worker.version());
		fields.put("python_version", worker.runtime());
		fields.put("state", "started");
		return fields;
	}

	/**
	 * Takes a worker off the record.
	 * @param worker the worker
	 */
	public void unregister(WorkerIdentity worker) {
		for (List<String> queues : calls(worker)) {
			ScriptArguments arguments = keys(worker, queues);
			queues.forEach((queue) -> arguments.key(this.scripts.keys(queue).workersOfQueue()));
			this.scripts.count(Script.UNREGISTER, arguments.add(Timestamps.text(this.clock.instant())));
		}
	}

	private Collection<List<String>> calls(WorkerIdentity worker) {
		return this.scripts.layout().calls(worker.queues(), Function.identity());
	}

	private ScriptArguments keys(WorkerIdentity worker, List<String> queues) {
		QueueKeys keys = this.scripts.keys(queues.get(0));
		return ScriptArguments.keys(keys.worker(worker.name()), keys.workers());
	}

	/**
	 * Reads the registrations of all living workers.
	 * @return for each worker the fields of its hash (protocol §12.1) and its
	 * {@code name}
	 */
	public List<Map<String, String>> workers() {
		Map<String, Map<String, String>> workers = new LinkedHashMap<>();
		this.queues.anyKeys().forEach((keys) -> {
			Set<String> registered = this.scripts.members(keys.workers());
			this.scripts.with((connection) -> {
				for (String key : registered) {
					Map<byte[], byte[]> hash = connection.hashCommands().hGetAll(ScriptArguments.bytes(key));
					if (hash != null && !hash.isEmpty()) {
						String name = keys.workerName(key);
						Map<String, String> worker = workers.computeIfAbsent(name, (absent) -> new HashMap<>());
						hash.forEach((field, value) -> worker.put(text(field), text(value)));
						worker.put("name", name);
					}
				}
				return workers;
			});
		});
		return List.copyOf(workers.values());
	}

	/**
	 * Returns whether all workers are suspended (protocol §12.3).
	 * @return {@code true} while they are
	 */
	public boolean isSuspended() {
		return this.queues.anyKeys()
			.anyMatch((keys) -> this.scripts.with((connection) -> Boolean.TRUE
				.equals(connection.keyCommands().exists(ScriptArguments.bytes(keys.suspended())))));
	}

	private static String text(byte[] bytes) {
		return new String(bytes, StandardCharsets.UTF_8);
	}

	/**
	 * A worker as others see it (protocol §12.1).
	 *
	 * @param name the name
	 * @param queues the queues in the order of their priority
	 * @param hostname the host
	 * @param pid the process id
	 * @param birth when the worker was created
	 * @param version the version of this library
	 * @param runtime the runtime it runs on
	 */
	public record WorkerIdentity(String name, List<String> queues, String hostname, long pid, Instant birth,
			String version, String runtime) {

	}

}
