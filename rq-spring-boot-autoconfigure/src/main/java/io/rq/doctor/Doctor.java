package io.rq.doctor;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.rq.lifecycle.Outage;
import io.rq.log.FailureText;
import io.rq.monitor.DelayedRetryCheck;
import io.rq.monitor.LocalContainers;
import io.rq.monitor.RqMonitor;
import io.rq.redis.JobPages;
import io.rq.redis.ServerStore;
import io.rq.redis.WorkerStore;
import io.rq.serializer.JobSerializer;

/**
 * Finds what is wrong with the set-up of Redis, of the way to it and of the application.
 * Changes nothing; the number of commands depends on the number of queues and workers,
 * never on that of the jobs.
 */
public class Doctor {

	private final Stores stores;

	private final RqMonitor monitor;

	private final DelayedRetryCheck retries;

	private final Application application;

	/**
	 * Creates the doctor.
	 * @param stores what is asked
	 * @param monitor looks at queues, workers and schedulers
	 * @param retries finds jobs that nobody would try again
	 * @param application what is known without asking
	 */
	public Doctor(Stores stores, RqMonitor monitor, DelayedRetryCheck retries, Application application) {
		this.stores = stores;
		this.monitor = monitor;
		this.retries = retries;
		this.application = application;
	}

	/**
	 * Looks for everything that can be wrong.
	 * @return what was found, and what could not be found out, in the order of the checks
	 * @throws RuntimeException if Redis cannot be reached, or of a cluster the nodes that
	 * have the queues
	 */
	public List<Finding> examine() {
		Report report = new Report();
		List<Server> servers = new ArrayList<>(this.stores.server().nodes().stream().map(Server::new).toList());
		for (Function<Server, Check> check : serverChecks()) {
			servers.removeIf((server) -> !answers(server, check.apply(server), report));
		}
		for (Check check : otherChecks()) {
			report.begin(check);
			run(check, report);
		}
		return report.findings();
	}

	/** Examines a server. One of several that does not answer is told of, once. */
	private static boolean answers(Server server, Check check, Report report) {
		String node = server.store().name();
		report.begin(check, node);
		try {
			run(check, report);
			return true;
		}
		catch (RuntimeException ex) {
			if (node.isEmpty()) {
				throw ex;
			}
			report.warn("The node does not answer: " + FailureText.ofRoot(ex),
					"Start it, or take it out of the cluster ('redis-cli --cluster del-node').");
			return false;
		}
	}

	/** Throws what comes of a Redis that is away. */
	private static void run(Check check, Report report) {
		try {
			check.examine(report);
		}
		catch (RuntimeException ex) {
			if (Outage.isUnreachable(ex)) {
				throw ex;
			}
			report.unknown("It could not be examined: " + FailureText.ofRoot(ex),
					"Let the Redis user call what the check needs, or see for yourself (docs/operations.md).");
		}
	}

	private List<Function<Server, Check>> serverChecks() {
		Client client = this.application.client().get();
		return List.of(VersionCheck::new, ServerRoleCheck::new, ScriptingCheck::new, EvictionPolicyCheck::new,
				(server) -> new PersistenceCheck(server, client),
				(server) -> new ClockCheck(server, this.application.clock()), LuaCheck::new);
	}

	private List<Check> otherChecks() {
		Client client = this.application.client().get();
		Queues queues = new Queues(this.monitor, this.application.local());
		return List.of(new TimeoutCheck(client), new PoolCheck(client), new WorkersCheck(queues),
				new SchedulersCheck(queues, this.retries),
				new WaitingJobsCheck(queues, this.stores.pages(), this.stores.workers(), this.application));
	}

	/**
	 * What is asked.
	 *
	 * @param server the server
	 * @param pages the jobs that wait
	 * @param workers the workers
	 */
	public record Stores(ServerStore server, JobPages pages, WorkerStore workers) {

	}

	/**
	 * What is known without asking.
	 *
	 * @param client gets how it is connected
	 * @param local its workers and schedulers
	 * @param known the functions that its workers know
	 * @param serializer reads calls
	 * @param clock the clock of this machine
	 */
	public record Application(Supplier<Client> client, LocalContainers local, Set<String> known,
			JobSerializer serializer, Clock clock) implements WaitingJobsCheck.Functions {

		@Override
		public @Nullable String of(byte[] call) {
			try {
				return this.serializer.readCall(call).function();
			}
			catch (RuntimeException ex) {
				return null;
			}
		}

	}

}
