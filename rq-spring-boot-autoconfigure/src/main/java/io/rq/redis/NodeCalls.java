package io.rq.redis;

import java.time.Duration;
import java.util.Collection;
import java.util.function.Consumer;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.QueryTimeoutException;

import io.rq.log.FailureText;
import io.rq.log.SafeLog;
import io.rq.log.Told;
import io.rq.redis.connection.SilentNodes;

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
		return make(parts, Function.identity(), new SilentNodes(Duration.ZERO), call);
	}

	/**
	 * Makes all calls but those to nodes that are silent.
	 * @param parts what each of them is about
	 * @param node tells where one goes
	 * @param silent the nodes that do not answer
	 * @param call makes one
	 */
	static <T> NodeCalls make(Collection<T> parts, Function<T, ?> node, SilentNodes silent, Consumer<T> call) {
		NodeCalls calls = new NodeCalls();
		for (T part : parts) {
			try {
				calls.make(part, node.apply(part), silent, call);
			}
			catch (RuntimeException ex) {
				calls.failure = (calls.failure != null) ? calls.failure : ex;
			}
		}
		return calls;
	}

	private <T> void make(T part, Object node, SilentNodes silent, Consumer<T> call) {
		if (silent.contains(node)) {
			throw new QueryTimeoutException("A node of the Redis Cluster has not answered in time a moment ago");
		}
		long start = System.nanoTime();
		try {
			call.accept(part);
			this.succeeded = true;
		}
		catch (RuntimeException ex) {
			silent.failed(node, System.nanoTime() - start);
			throw ex;
		}
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
