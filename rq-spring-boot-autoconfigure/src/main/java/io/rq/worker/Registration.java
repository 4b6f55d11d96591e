package io.rq.worker;

import java.time.Duration;
import java.util.Set;
import java.util.function.Supplier;

import org.springframework.dao.PermissionDeniedDataAccessException;

import io.rq.RqException;
import io.rq.lifecycle.HostName;
import io.rq.lifecycle.TimeSource;
import io.rq.log.SafeLog;
import io.rq.redis.WorkerStore;
import io.rq.redis.WorkerStore.WorkerIdentity;
import io.rq.redis.WorkerStore.WorkerSkills;

/**
 * Keeps a worker on the record.
 */
final class Registration {

	private static final SafeLog log = SafeLog.of(Registration.class);

	private final WorkerStore store;

	private final WorkerIdentity identity;

	private final Supplier<WorkerSkills> skills;

	private final Duration timeToLive;

	private final TimeSource time;

	private volatile boolean registered;

	/** When a call began that found this worker on record. */
	private volatile long seen;

	Registration(WorkerStore store, WorkerOptions options, Supplier<Set<String>> functions, TimeSource time) {
		this.store = store;
		this.time = time;
		this.identity = new WorkerIdentity(options.name(), options.queues(), HostName.orElse("unknown"),
				ProcessHandle.current().pid(), time.instant(), version(), "Java " + Runtime.version());
		this.skills = () -> new WorkerSkills(options.concurrency(), functions.get());
		this.timeToLive = options.timing().lease();
	}

	private static String version() {
		String version = Registration.class.getPackage().getImplementationVersion();
		return "rq-spring-boot " + ((version != null) ? version : "unpackaged");
	}

	/**
	 * Registers unless registered.
	 * @throws NameTakenException if a living worker has the name
	 */
	synchronized void ensure() {
		if (this.registered) {
			return;
		}
		this.store.requireRights();
		long begun = this.time.nanoTime();
		if (!this.store.register(this.identity, this.skills.get(), this.timeToLive)) {
			throw new NameTakenException("A living worker is named '" + this.identity.name()
					+ "' already. Choose another rq.worker.name, or wait " + this.timeToLive.toSeconds()
					+ " s if it has just died");
		}
		this.seen = begun;
		this.registered = true;
	}

	/** Takes note that a call which began then has found this worker on record. */
	void seen(long begun) {
		this.seen = begun;
	}

	/**
	 * Returns whether this worker has been on record without a break and will be for a
	 * while: nobody has taken it for dead.
	 */
	boolean isLasting() {
		return this.registered && this.time.nanoTime() - this.seen < this.timeToLive.toNanos() / 2;
	}

	/**
	 * Registers unless registered. A failure does not matter to whoever only takes jobs;
	 * the heartbeat tells of it.
	 * @throws NameTakenException if a living worker has the name
	 * @throws PermissionDeniedDataAccessException if the Redis user may not do what
	 * becomes of jobs that were taken
	 */
	void tryEnsure() {
		try {
			ensure();
		}
		catch (NameTakenException | PermissionDeniedDataAccessException ex) {
			throw ex;
		}
		catch (RuntimeException ex) {
			log.debug("Worker {} could not be registered", this.identity.name(), ex);
		}
	}

	void forget() {
		this.registered = false;
	}

	synchronized void remove() {
		if (this.registered) {
			this.registered = false;
			this.store.unregister(this.identity);
		}
	}

	/**
	 * A living worker has the name.
	 */
	static final class NameTakenException extends RqException {

		private static final long serialVersionUID = 1L;

		NameTakenException(String message) {
			super(message);
		}

	}

}
