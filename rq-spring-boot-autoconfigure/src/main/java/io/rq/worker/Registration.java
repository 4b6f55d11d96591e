package io.rq.worker;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;

import io.rq.RqException;
import io.rq.lifecycle.SafeLog;
import io.rq.redis.WorkerStore;
import io.rq.redis.WorkerStore.WorkerIdentity;

/**
 * Keeps a worker on the record.
 */
final class Registration {

	private static final SafeLog log = SafeLog.of(Registration.class);

	private final WorkerStore store;

	private final WorkerIdentity identity;

	private final Duration timeToLive;

	private volatile boolean registered;

	Registration(WorkerStore store, WorkerOptions options, Instant birth) {
		this.store = store;
		this.identity = new WorkerIdentity(options.name(), options.queues(), hostname(), ProcessHandle.current().pid(),
				birth, version(), "Java " + Runtime.version());
		this.timeToLive = options.timing().lease();
	}

	private static String hostname() {
		try {
			return InetAddress.getLocalHost().getHostName();
		}
		catch (UnknownHostException ex) {
			return "unknown";
		}
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
		if (!this.store.register(this.identity, this.timeToLive)) {
			throw new NameTakenException("A living worker is named '" + this.identity.name()
					+ "' already. Choose another rq.worker.name, or wait " + this.timeToLive.toSeconds()
					+ " s if it has just died");
		}
		this.registered = true;
	}

	/**
	 * Registers unless registered. A refusal does not matter to whoever only takes jobs;
	 * the heartbeat tells of it.
	 * @throws NameTakenException if a living worker has the name
	 */
	void tryEnsure() {
		try {
			ensure();
		}
		catch (NameTakenException ex) {
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
