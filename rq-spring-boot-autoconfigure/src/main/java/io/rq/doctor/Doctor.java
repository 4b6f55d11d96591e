package io.rq.doctor;

import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.rq.lifecycle.FailureText;
import io.rq.lifecycle.Outage;
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
	 * @throws RuntimeException if Redis cannot be reached
	 */
	public List<Finding> examine() {
		Report report = new Report();
		for (Check check : checks()) {
			report.begin(check);
			try {
				check.examine(report);
			}
			catch (RuntimeException ex) {
				if (isAway(ex)) {
					throw ex;
				}
				report.unknown("It could not be examined: " + reason(ex),
						"Let the Redis user call what the check needs, or see for yourself (docs/operations.md).");
			}
		}
		return report.findings();
	}

	private List<Check> checks() {
		Server server = new Server(this.stores.server());
		Client client = this.application.client().get();
		Queues queues = new Queues(this.monitor, this.application.local());
		return List.of(new VersionCheck(server), new ServerRoleCheck(server), new ScriptingCheck(server),
				new EvictionPolicyCheck(server), new PersistenceCheck(server, client),
				new ClockCheck(server, this.application.clock()), new LuaCheck(server), new TimeoutCheck(client),
				new PoolCheck(client), new WorkersCheck(queues), new SchedulersCheck(queues, this.retries),
				new WaitingJobsCheck(queues, this.stores.pages(), this.stores.workers(), this.application));
	}

	static boolean isAway(RuntimeException failure) {
		return Outage.isUnreachable(failure);
	}

	static String reason(RuntimeException failure) {
		return FailureText.of(FailureText.root(failure));
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
