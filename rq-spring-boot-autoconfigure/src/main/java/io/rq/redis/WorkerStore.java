package io.rq.redis;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * The registrations of workers, of every language.
 */
public class WorkerStore {

	private final RedisScripts scripts;

	private final Clock clock;

	/**
	 * Creates the store.
	 * @param connections the connections to Redis
	 * @param clock the clock for times that only inform people
	 */
	public WorkerStore(RedisConnectionFactory connections, Clock clock) {
		this.scripts = new RedisScripts(connections);
		this.clock = clock;
	}

	/**
	 * Registers a worker, anew or again.
	 * @param worker the worker
	 * @param timeToLive how long the registration lasts without a beat, in whole seconds
	 * @return {@code false} if a living worker of another process has that name
	 */
	public boolean register(WorkerIdentity worker, Duration timeToLive) {
		ScriptArguments arguments = keys(worker);
		for (String queue : worker.queues()) {
			arguments.key(RqKeys.workers(queue)).key(RqKeys.takers(queue));
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
		ScriptArguments arguments = keys(worker);
		worker.queues().forEach((queue) -> arguments.key(RqKeys.workers(queue)));
		this.scripts.count(Script.UNREGISTER, arguments.add(Timestamps.text(this.clock.instant())));
	}

	private static ScriptArguments keys(WorkerIdentity worker) {
		return ScriptArguments.keys(RqKeys.worker(worker.name()), RqKeys.WORKERS);
	}

	/**
	 * Reads the registrations of all living workers.
	 * @return for each worker the fields of its hash (protocol §12.1) and its
	 * {@code name}
	 */
	public List<Map<String, String>> workers() {
		return this.scripts.with((connection) -> {
			List<Map<String, String>> workers = new ArrayList<>();
			Set<byte[]> keys = connection.setCommands().sMembers(ScriptArguments.bytes(RqKeys.WORKERS));
			for (byte[] key : (keys != null) ? keys : Set.<byte[]>of()) {
				Map<byte[], byte[]> hash = connection.hashCommands().hGetAll(key);
				if (hash != null && !hash.isEmpty()) {
					Map<String, String> worker = new HashMap<>();
					hash.forEach((name, value) -> worker.put(text(name), text(value)));
					worker.put("name", text(key).substring(RqKeys.WORKER.length()));
					workers.add(worker);
				}
			}
			return workers;
		});
	}

	/**
	 * Returns whether all workers are suspended (protocol §12.3).
	 * @return {@code true} while they are
	 */
	public boolean isSuspended() {
		return this.scripts.with((connection) -> Boolean.TRUE
			.equals(connection.keyCommands().exists(ScriptArguments.bytes(RqKeys.SUSPENDED))));
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
