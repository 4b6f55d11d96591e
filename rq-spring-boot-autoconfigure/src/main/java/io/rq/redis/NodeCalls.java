package io.rq.redis;

import java.util.Collection;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.rq.lifecycle.FailureText;
import io.rq.lifecycle.SafeLog;
import io.rq.lifecycle.Told;

/**
 * Calls to where queues lie, which may be several nodes of a cluster: one that fails
 * keeps no other from being made.
 */
final class NodeCalls {

	private static final SafeLog log = SafeLog.of(NodeCalls.class);

	private static final Told told = new Told();

	private @Nullable RuntimeException failure;

	private boolean succeeded;

	/**
	 * Makes all calls.
	 * @param parts what each of them is about
	 * @param call makes one
	 */
	static <T> NodeCalls make(Collection<T> parts, Consumer<T> call) {
		NodeCalls calls = new NodeCalls();
		for (T part : parts) {
			try {
				call.accept(part);
				calls.succeeded = true;
			}
			catch (RuntimeException ex) {
				calls.failure = (calls.failure != null) ? calls.failure : ex;
			}
		}
		return calls;
	}

	/** Throws what the first call threw that failed, if there was one. */
	void requireAll() {
		if (this.failure != null) {
			throw this.failure;
		}
	}

	/**
	 * Throws what the first call threw if all failed. If some did, that is told once a
	 * minute.
	 * @param what what failed, for the log
	 */
	void requireSome(String what) {
		if (this.failure == null) {
			return;
		}
		if (!this.succeeded) {
			throw this.failure;
		}
		if (told.isNews(what + this.failure.getClass())) {
			log.warn("{} failed on some nodes of Redis; the others go on: {}", what, FailureText.of(this.failure));
		}
	}

}
