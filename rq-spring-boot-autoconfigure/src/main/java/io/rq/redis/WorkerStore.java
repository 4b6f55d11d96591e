package io.rq.redis;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

import io.rq.lifecycle.Outage;
import io.rq.queue.RegisteredWorker;

/**
 * The registrations of workers, of every language.
 */
public class WorkerStore {

	private static final Pattern ADDRESS = Pattern.compile("\\baddr=(\\S+)");

	/** Versions of RQ without rate limits. */
	private static final Pattern OLD_VERSION = Pattern.compile("[0-2]\\.");

	/** A worker of Java names its runtime otherwise. */
	private static final Pattern PYTHON = Pattern.compile("[0-9]");

	private static final int MOST_WORKERS = 50;

	/** So many registrations are read at a time, or about so many. */
	private static final int PART = 200;

	/** Not the functions, which may be very many. */
	private static final List<byte[]> SHOWN = Stream
		.of("queues", "state", "current_job", "hostname", "ip_address", "pid", "version", "python_version", "birth",
				"last_heartbeat", "successful_job_count", "failed_job_count", "total_working_time")
		.map(ScriptArguments::bytes)
		.toList();

	/** What is done to jobs that were taken, all of which must be possible. */
	private static final Set<Script> OF_JOBS = EnumSet.of(Script.CLAIM, Script.TAKE, Script.BEAT, Script.FINISH,
			Script.RETRY, Script.RELEASE, Script.RESTORE, Script.RECLAIM);

	private final RedisScripts scripts;

	private final QueueStore queues;

	private final Suspension suspension;

	private final Deliveries deliveries;

	private final Clock clock;

	/**
	 * Creates the store.
	 * @param scripts the scripts on the connections to Redis
	 * @param clock the clock for times that only inform people
	 */
	public WorkerStore(RedisScripts scripts, Clock clock) {
		this.scripts = scripts;
		this.queues = new QueueStore(scripts);
		this.suspension = new Suspension(scripts, this.queues);
		this.deliveries = new Deliveries(scripts, clock);
		this.clock = clock;
	}

	/**
	 * Sees to it that the Redis user may do what workers do to jobs.
	 * @throws org.springframework.dao.PermissionDeniedDataAccessException if it may not,
	 * with the rights that are missing
	 */
	public void requireRights() {
		this.scripts.requireRights(OF_JOBS);
	}

	/**
	 * Registers a worker, anew or again.
	 * @param worker the worker
	 * @param skills what it can run
	 * @param timeToLive how long the registration lasts without a beat, in whole seconds
	 * @return {@code false} if a living worker of another process has that name
	 */
	public boolean register(WorkerIdentity worker, WorkerSkills skills, Duration timeToLive) {
		List<Boolean> registered = new ArrayList<>();
		this.scripts.each(worker.queues(), (queues) -> registered.add(register(worker, skills, queues, timeToLive)))
			.requireAll();
		// of queues that are not known the workers are not found
		worker.queues().forEach(this.deliveries::announce);
		this.suspension.extend(worker.queues());
		return !registered.contains(false);
	}

	private boolean register(WorkerIdentity worker, WorkerSkills skills, List<String> queues, Duration timeToLive) {
		ScriptArguments arguments = keys(worker, queues);
		for (String queue : queues) {
			QueueKeys keys = this.scripts.keys(queue);
			arguments.key(keys.workersOfQueue()).key(keys.takers());
		}
		arguments.add(worker.name()).add(timeToLive.toSeconds());
		fields(worker).forEach((name, value) -> arguments.add(name).add(value));
		skills.fields().forEach((name, value) -> arguments.add(name).add(value));
		return this.scripts.count(Script.REGISTER, arguments) == 1;
	}

	private Map<String, String> fields(WorkerIdentity worker) {
		Map<String, String> fields = new HashMap<>();
		fields.put("birth", Timestamps.text(worker.birth()));
		fields.put("last_heartbeat", Timestamps.text(this.clock.instant()));
		fields.put("queues", String.join(",", worker.queues()));
		fields.put("pid", Long.toString(worker.pid()));
		fields.put("hostname", worker.hostname());
		fields.put("ip_address", address());
		fields.put("version", worker.version());
		fields.put("python_version", worker.runtime());
		fields.put("state", "started");
		return fields;
	}

	/** The address as Redis sees it, or as this host does where Redis does not tell. */
	private String address() {
		try {
			Object info = this.scripts
				.<@Nullable Object>with((connection) -> connection.execute("CLIENT", ScriptArguments.bytes("INFO")));
			Matcher address = ADDRESS
				.matcher((info instanceof byte[] text) ? Replies.text(text) : String.valueOf(info));
			return address.find() ? address.group(1) : ownAddress();
		}
		catch (RuntimeException ex) {
			if (Outage.isUnreachable(ex)) {
				throw ex;
			}
			return ownAddress();
		}
	}

	private static String ownAddress() {
		try {
			return InetAddress.getLocalHost().getHostAddress();
		}
		catch (UnknownHostException ex) {
			return "unknown";
		}
	}

	/**
	 * Takes a worker off the record.
	 * @param worker the worker
	 */
	public void unregister(WorkerIdentity worker) {
		this.scripts.each(worker.queues(), (queues) -> {
			ScriptArguments arguments = keys(worker, queues);
			queues.forEach((queue) -> arguments.key(this.scripts.keys(queue).workersOfQueue()));
			this.scripts.count(Script.UNREGISTER, arguments.add(Timestamps.text(this.clock.instant())));
		}).requireAll();
	}

	private ScriptArguments keys(WorkerIdentity worker, List<String> queues) {
		QueueKeys keys = this.scripts.keys(queues.get(0));
		return ScriptArguments.keys(keys.worker(worker.name()), keys.workers());
	}

	/**
	 * Reads the registrations of all living workers. What one of them has written and
	 * cannot be read is left out.
	 * @return the workers, sorted by name
	 */
	public List<RegisteredWorker> workers() {
		Map<String, Map<String, String>> workers = new TreeMap<>();
		this.queues.askAll("Asking for the workers", (keys) -> {
			String cursor = "0";
			do {
				List<?> reply = this.scripts.run(Script.WORKERS,
						ScriptArguments.keys(keys.workers()).add(cursor).add(PART).addAll(SHOWN));
				cursor = Replies.text(reply.get(0));
				for (int i = 1; i < reply.size(); i += 2) {
					workers.computeIfAbsent(keys.workerName(Replies.text(reply.get(i))), (absent) -> new HashMap<>())
						.putAll(Replies.fields(Replies.list(reply, i + 1)));
				}
			}
			while (!cursor.equals("0"));
		});
		return workers.entrySet().stream().map((worker) -> read(worker.getKey(), worker.getValue())).toList();
	}

	/**
	 * Tells when a worker was born that is on record and has not signed off.
	 * @param worker the worker's name
	 * @return the time as it stands in Redis, or empty if there is no such worker
	 */
	public Optional<String> birth(String worker) {
		return this.queues.anyKeys().flatMap((keys) -> this.scripts.with(keys.worker(worker), (connection) -> {
			Map<String, String> fields = Replies
				.texts(connection.hashCommands().hGetAll(ScriptArguments.bytes(keys.worker(worker))));
			return fields.isEmpty() || fields.containsKey("death") ? Stream.<String>of()
					: Stream.of(fields.getOrDefault("birth", ""));
		})).findFirst();
	}

	/**
	 * Sends a worker the command to shut down (protocol §12.4).
	 * @param worker the worker's name
	 * @return how many have heard it
	 */
	public long shutdown(String worker) {
		String channel = this.scripts.layout().commands(worker);
		return this.scripts.with(channel, (connection) -> {
			Long listeners = connection.publish(ScriptArguments.bytes(channel),
					ScriptArguments.bytes("{\"command\": \"shutdown\"}"));
			return (listeners != null) ? listeners : 0;
		});
	}

	/**
	 * Tells whether a worker of RQ before 3 is registered on a queue. Of very many
	 * workers some are looked at.
	 * @param queue the queue's name
	 * @return whether one was found
	 */
	public boolean hasWorkersWithoutLimits(String queue) {
		return sample(queue, "version", "python_version").anyMatch((fields) -> fields.get(0) != null
				&& fields.get(1) != null && OLD_VERSION.matcher(Replies.text(fields.get(0))).lookingAt()
				&& PYTHON.matcher(Replies.text(fields.get(1))).lookingAt());
	}

	/** Reads fields of the workers of a queue, of very many of some. */
	private Stream<List<byte[]>> sample(String queue, String... fields) {
		String key = this.scripts.keys(queue).workersOfQueue();
		byte[][] names = Stream.of(fields).map(ScriptArguments::bytes).toArray(byte[][]::new);
		return this.scripts.with(key, (connection) -> {
			List<byte[]> workers = connection.setCommands().sRandMember(ScriptArguments.bytes(key), MOST_WORKERS);
			List<List<byte[]>> sample = new ArrayList<>();
			for (byte[] worker : (workers != null) ? workers : List.<byte[]>of()) {
				List<byte[]> values = connection.hashCommands().hMGet(worker, names);
				if (values != null) {
					sample.add(values);
				}
			}
			return sample.stream();
		});
	}

	/**
	 * Reads which functions the workers of a queue know. Of very many workers some are
	 * looked at.
	 * @param queue the queue's name
	 * @return the names of all functions, or empty if there is a worker that does not
	 * tell, as those of Python do, or none at all
	 */
	public Optional<Set<String>> functions(String queue) {
		KnownFunctions known = known(queue);
		return known.all() ? Optional.of(known.functions()) : Optional.empty();
	}

	/**
	 * Reads which functions those workers of a queue know that tell it. Of very many
	 * workers some are looked at.
	 * @param queue the queue's name
	 * @return the names of the functions; workers that do not tell may know others
	 */
	public Set<String> toldFunctions(String queue) {
		return known(queue).functions();
	}

	private KnownFunctions known(String queue) {
		List<List<byte[]>> living = sample(queue, "birth", "functions").filter((fields) -> fields.get(0) != null)
			.toList();
		Set<String> functions = new TreeSet<>();
		boolean all = !living.isEmpty();
		for (List<byte[]> fields : living) {
			if (fields.get(1) != null) {
				functions.addAll(List.of(Replies.text(fields.get(1)).split("\n")));
			}
			else {
				all = false;
			}
		}
		return new KnownFunctions(functions, all);
	}

	private static RegisteredWorker read(String name, Map<String, String> fields) {
		String queues = fields.get("queues");
		return new RegisteredWorker(name,
				(queues != null) ? List.of(StringUtils.commaDelimitedListToStringArray(queues)) : List.of(),
				fields.get("state"), fields.get("current_job"),
				new RegisteredWorker.Process(fields.get("hostname"), fields.get("ip_address"), fields.get("pid"),
						fields.get("version"), fields.get("python_version")),
				new RegisteredWorker.Life(Timestamps.ifReadable(fields.get("birth")),
						Timestamps.ifReadable(fields.get("last_heartbeat"))),
				new RegisteredWorker.Work((long) number(fields.get("successful_job_count")),
						(long) number(fields.get("failed_job_count")),
						Duration.ofMillis((long) (number(fields.get("total_working_time")) * 1_000))));
	}

	private static double number(@Nullable String text) {
		try {
			return (text != null) ? Double.parseDouble(text) : 0;
		}
		catch (NumberFormatException ex) {
			return 0;
		}
	}

	/**
	 * Returns whether all workers are suspended (protocol §12.3).
	 * @return {@code true} while they are
	 */
	public boolean isSuspended() {
		return this.suspension.isOn();
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

	/**
	 * What a worker can run, for people who ask why a job does not.
	 *
	 * @param concurrency how many jobs at a time, or 0 if it does not tell
	 * @param functions the names of the functions that it knows, or {@code null} if it
	 * does not tell
	 */
	public record WorkerSkills(int concurrency, @Nullable Collection<String> functions) {

		/** More is not told: a registration stays small. */
		static final int MOST_CHARACTERS = 32 * 1024;

		Map<String, String> fields() {
			Map<String, String> fields = new HashMap<>();
			if (this.concurrency > 0) {
				fields.put("concurrency", Integer.toString(this.concurrency));
			}
			if (this.functions != null && this.functions.stream().noneMatch((name) -> name.indexOf('\n') >= 0)
					&& this.functions.stream().mapToLong((name) -> name.length() + 1L).sum() <= MOST_CHARACTERS) {
				fields.put("functions", String.join("\n", new TreeSet<>(this.functions)));
			}
			return fields;
		}

	}

	/**
	 * What workers tell of the functions they know.
	 *
	 * @param functions the names of the functions
	 * @param all whether there are workers and all of them tell
	 */
	private record KnownFunctions(Set<String> functions, boolean all) {

	}

}
