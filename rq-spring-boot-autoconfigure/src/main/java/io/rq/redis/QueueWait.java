package io.rq.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;

import org.jspecify.annotations.Nullable;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.support.DataAccessUtils;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;

import io.rq.log.SafeLog;
import io.rq.redis.connection.BlockingMove;
import io.rq.redis.connection.ReplaceableConnections;
import io.rq.redis.connection.Server;

/**
 * Waits on the server until a queue has a job, on a connection of its own and one thread
 * at a time. The id moves straight into a list of this worker, so that no crash can lose
 * it; the next claim takes it from there. Every wait has an end, whatever becomes of the
 * connection; where Redis does not let us wait, because it is full, we do it here.
 */
public class QueueWait implements AutoCloseable {

	private static final SafeLog log = SafeLog.of(QueueWait.class);

	private static final Duration PAUSE = Duration.ofMillis(250);

	/**
	 * For a wait of which nothing was heard: it may have had a job all the same. No reply
	 * is this very list.
	 */
	static final List<?> UNHEARD = Collections.unmodifiableList(new ArrayList<>());

	private final RedisScripts scripts;

	private final String name;

	private final String key;

	private final byte[] queue;

	private final byte[] taken;

	private final byte[] takers;

	private final byte[] worker;

	private final Duration longest;

	/** That of the last wait, which the thread that waits has to itself. */
	private @Nullable Server server;

	private @Nullable RedisConnection connection;

	private int generation;

	private boolean waiting;

	/** The id of the connection that waits, or 0 if that is not known. */
	private long waiter;

	private boolean closed;

	/** Whether the last wait was refused, though the connection is fine. */
	private boolean refused;

	private boolean told;

	/**
	 * Creates the wait. It connects when it is first used.
	 * @param scripts the scripts on the connections to Redis
	 * @param queue the queue's name
	 * @param worker the worker's name
	 * @param longest how long the connections allow to wait, shorter than their command
	 * timeout
	 */
	public QueueWait(RedisScripts scripts, String queue, String worker, Duration longest) {
		this.scripts = scripts;
		QueueKeys keys = scripts.keys(queue);
		this.name = queue;
		this.key = keys.queue();
		this.queue = ScriptArguments.bytes(this.key);
		this.taken = ScriptArguments.bytes(keys.taken(worker));
		this.takers = ScriptArguments.bytes(keys.takers());
		this.worker = ScriptArguments.bytes(worker);
		this.longest = longest;
	}

	/**
	 * Returns the queue's name.
	 * @return the name
	 */
	public String queue() {
		return this.name;
	}

	/**
	 * Waits until an id has been taken.
	 * @param timeout how long to wait at most
	 * @param onRecord whether the worker is known to be among those whose lists are
	 * looked at when they are gone. If not, it is put there right after the wait, even if
	 * it does not live to see that
	 * @return whether an id was taken, or may have been; {@code false} after the time or
	 * when closed
	 */
	public boolean await(Duration timeout, boolean onRecord) {
		if (pauseIfRefused(timeout)) {
			return false;
		}
		List<?> replies = onRecord ? call(timeout, this::send) : call(shorter(timeout), this::sendAndRecord);
		return replies == UNHEARD || (replies != null && replies.get(0) instanceof byte[]);
	}

	/**
	 * Waits until an id has been taken, or for the time, and runs a script right after
	 * that. Redis gets both at once, so that the script does not wait for us. A wait that
	 * Redis ends with an error does not keep the script from running.
	 * @return the script's reply, {@link #UNHEARD}, or {@code null} if the script did not
	 * run
	 */
	@Nullable List<?> await(Duration timeout, Script script, ScriptArguments arguments) {
		if (pauseIfRefused(timeout)) {
			return null;
		}
		String sha = this.scripts.sha(script);
		try {
			ScriptArguments guarded = this.scripts.guarded(arguments);
			int keys = guarded.numberOfKeys();
			byte[][] values = guarded.toArray();
			List<?> replies = call(timeout, (current, move) -> (connections() instanceof ReplaceableConnections ours)
					? ours.send(current, move, sha, keys, values) : move.send(current, sha, keys, values));
			if (replies == null || replies == UNHEARD) {
				return replies;
			}
			if (replies.get(1) instanceof RuntimeException failure) {
				throw failure;
			}
			return (List<?>) replies.get(1);
		}
		catch (RuntimeException ex) {
			// a foreign Lettuce tells of a pipeline only how the first of its commands
			// failed
			if (RedisScripts.isUnknownScript(ex) || SlotMove.isUnderWay(ex)) {
				return null;
			}
			throw ex;
		}
	}

	private List<?> send(RedisConnection current, BlockingMove move) {
		return (connections() instanceof ReplaceableConnections ours) ? ours.send(current, move) : move.send(current);
	}

	private List<?> sendAndRecord(RedisConnection current, BlockingMove move) {
		return (connections() instanceof ReplaceableConnections ours)
				? ours.send(current, move, this.takers, this.worker)
				: move.send(current, () -> current.setCommands().sAdd(this.takers, this.worker));
	}

	private @Nullable RedisConnectionFactory connections() {
		return (this.server != null) ? this.server.connections() : null;
	}

	/** A pipeline of Spring's has no more time than any other command. */
	private Duration shorter(Duration timeout) {
		Duration half = this.longest.dividedBy(2);
		return (timeout.compareTo(half) < 0) ? timeout : half;
	}

	/** Does not hurry back to a Redis that has just refused to let us wait. */
	private synchronized boolean pauseIfRefused(Duration timeout) {
		if (!this.refused || this.closed) {
			return false;
		}
		this.refused = false;
		long end = System.nanoTime() + Math.min(PAUSE.toNanos(), timeout.toNanos());
		try {
			for (long left = end - System.nanoTime(); left > 0 && !this.closed; left = end - System.nanoTime()) {
				TimeUnit.NANOSECONDS.timedWait(this, left);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		return true;
	}

	/** Returns the replies, a failure in place of one that is an error. */
	private @Nullable List<?> call(Duration timeout, BiFunction<RedisConnection, BlockingMove, List<?>> pipeline) {
		boolean intact = false;
		try {
			RedisConnection current = begin();
			if (current == null) {
				return null;
			}
			Duration wait = (timeout.compareTo(this.longest) < 0) ? timeout : this.longest;
			List<?> replies = pipeline.apply(current, new BlockingMove(this.queue, this.taken, wait, this::waits));
			intact = inspect(replies);
			return replies;
		}
		catch (RuntimeException ex) {
			if (isOutdated()) {
				log.debug("The wait for jobs of queue {} ended with the connections to its server", this.name, ex);
				return UNHEARD;
			}
			throw failed(ex);
		}
		finally {
			end(intact);
		}
	}

	/** Whether the connections have been replaced since the wait began. */
	private boolean isOutdated() {
		return this.server != null && this.generation != this.server.care().generation();
	}

	private RuntimeException failed(RuntimeException ex) {
		if (this.server == null) {
			return ex;
		}
		// Jedis' pipelines leave that to the caller
		RuntimeException failure = DataAccessUtils.translateIfNecessary(ex, this.server.connections());
		this.server.failed(failure, this.generation);
		return failure;
	}

	/** Returns whether the connection may be used again. */
	private boolean inspect(List<?> replies) {
		for (Object reply : replies) {
			if (reply instanceof Throwable failure && this.server != null
					&& this.server.failed(failure, this.generation) != null) {
				return false;
			}
		}
		if (replies.get(0) instanceof RuntimeException refusal) {
			refused(refusal);
		}
		else if (this.told) {
			this.told = false;
			log.info("Redis lets the worker wait for jobs of queue {} again", this.name);
		}
		return true;
	}

	private void refused(RuntimeException refusal) {
		this.refused = true;
		if (!this.told && !SlotMove.isUnderWay(refusal)) {
			this.told = true;
			log.warn(
					"Redis refuses to let the worker wait for jobs of queue {}, which looks for them every {} ms until it does: {}",
					this.name, PAUSE.toMillis(), NestedExceptionUtils.getMostSpecificCause(refusal).getMessage());
		}
	}

	private @Nullable RedisConnection begin() {
		Server current = this.scripts.server(this.key);
		synchronized (this) {
			if (this.closed) {
				return null;
			}
			this.waiting = true;
			if (this.server == null || !this.server.has(current) || isOutdated()) {
				release();
			}
			if (this.connection != null) {
				return this.connection;
			}
			this.server = current;
			this.generation = current.care().generation();
		}
		RedisConnection made = current.connections().getConnection();
		synchronized (this) {
			this.connection = made;
			return this.closed ? null : made;
		}
	}

	private synchronized void waits(long id) {
		this.waiter = id;
	}

	private synchronized void end(boolean intact) {
		this.waiting = false;
		this.waiter = 0;
		if (!intact || this.closed) {
			release();
		}
	}

	private void release() {
		RedisConnection current = this.connection;
		this.connection = null;
		if (current != null) {
			current.close();
		}
	}

	/**
	 * Ends a wait in progress as its time would. What cannot be ended comes to its end by
	 * itself.
	 */
	public void cutShort() {
		Server current;
		long id;
		synchronized (this) {
			current = this.server;
			id = this.waiter;
		}
		if (current == null || id == 0) {
			return;
		}
		try (RedisConnection own = current.connections().getConnection()) {
			own.execute("CLIENT", ScriptArguments.bytes("UNBLOCK"), ScriptArguments.bytes(Long.toString(id)));
		}
		catch (RuntimeException ex) {
			log.debug("The wait for jobs of queue {} ends by itself", this.name, ex);
		}
	}

	/**
	 * Lets no further wait begin. One in progress comes to its end, because what it takes
	 * in its last moment would be lost to this worker otherwise.
	 */
	@Override
	public synchronized void close() {
		this.closed = true;
		notifyAll();
		if (!this.waiting) {
			release();
		}
	}

}
