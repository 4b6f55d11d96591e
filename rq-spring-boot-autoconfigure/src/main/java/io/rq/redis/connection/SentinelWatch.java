package io.rq.redis.connection;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.ValueListOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import org.jspecify.annotations.Nullable;

import io.rq.lifecycle.Round;
import io.rq.lifecycle.RoundLoop;
import io.rq.log.SafeLog;

/**
 * Hears through Lettuce when Sentinels make another server the primary, which Lettuce's
 * plain connections do not notice: to the former primary they stay open, and it may take
 * writes for seconds that are lost when it learns of its successor. Every Sentinel is
 * listened to, for the word of one that is cut off may come late.
 */
final class SentinelWatch implements Round {

	private static final SafeLog log = SafeLog.of(SentinelWatch.class);

	private static final Duration PAUSE = Duration.ofSeconds(1);

	/** For how long a Sentinel may be silent when it is asked. */
	private static final Duration SILENCE = Duration.ofSeconds(5);

	private static final Duration PATIENCE = Duration.ofSeconds(1);

	private static final String SWITCHED = "+switch-master";

	private final RoundLoop loop = new RoundLoop("rq-sentinel-watch", log, this);

	private final RedisClient client;

	private final String primary;

	private final Runnable replaced;

	private final List<Ear> ears;

	private volatile boolean changed;

	/**
	 * Creates the watch, which does not listen yet.
	 * @param client connects
	 * @param sentinels the Sentinels and the name of the primary
	 * @param replaced is called, on a thread that may wait, when a Sentinel names another
	 * server than before
	 */
	SentinelWatch(RedisClient client, RedisURI sentinels, Runnable replaced) {
		this.client = client;
		this.primary = sentinels.getSentinelMasterId();
		this.replaced = replaced;
		this.ears = sentinels.getSentinels().stream().map(Ear::new).toList();
	}

	void start() {
		this.loop.start();
	}

	/** Ends the watch; its connections end with their client. */
	void stop() {
		this.loop.terminate(PATIENCE, PATIENCE);
	}

	@Override
	public Duration run() {
		if (this.changed) {
			this.changed = false;
			this.replaced.run();
		}
		this.ears.forEach(Ear::listen);
		return PAUSE;
	}

	/**
	 * Listens to one Sentinel. A connection to it is probed, and replaced when that is
	 * not answered.
	 */
	private final class Ear extends RedisPubSubAdapter<String, String> {

		private final RedisURI sentinel;

		private @Nullable StatefulRedisPubSubConnection<String, String> connection;

		/** Whether an answer is awaited, and since when. */
		private boolean waiting;

		private long since;

		private @Nullable String address;

		private boolean refused;

		Ear(RedisURI sentinel) {
			this.sentinel = sentinel;
		}

		synchronized void listen() {
			StatefulRedisPubSubConnection<String, String> current = this.connection;
			if (this.waiting && System.nanoTime() - this.since < SILENCE.toNanos()) {
				return;
			}
			if (current != null && (this.waiting || !current.isOpen())) {
				this.connection = null;
				current.closeAsync();
				current = null;
			}
			this.waiting = true;
			this.since = System.nanoTime();
			if (current == null) {
				SentinelWatch.this.client.connectPubSubAsync(StringCodec.UTF8, this.sentinel)
					.whenComplete((opened, failure) -> {
						if (failure != null) {
							answered(null, failure);
						}
						else {
							opened(opened);
						}
					});
			}
			else {
				subscribe(current);
			}
		}

		/** Who listens only now asks what it may have missed. */
		private synchronized void opened(StatefulRedisPubSubConnection<String, String> opened) {
			if (this.connection != null) {
				opened.closeAsync();
				return;
			}
			this.connection = opened;
			opened.addListener(this);
			CommandArgs<String, String> question = new CommandArgs<>(StringCodec.UTF8).add("get-master-addr-by-name")
				.addValue(SentinelWatch.this.primary);
			opened.async()
				.dispatch(CommandType.SENTINEL, new ValueListOutput<>(StringCodec.UTF8), question)
				.thenAccept(this::named);
			subscribe(opened);
		}

		/** Tells that it is still there, too, when it is subscribed to already. */
		private void subscribe(StatefulRedisPubSubConnection<String, String> current) {
			CompletionStage<Void> reply = current.async().subscribe(SWITCHED);
			reply.whenComplete((none, failure) -> answered(current, failure));
		}

		private synchronized void answered(@Nullable StatefulRedisPubSubConnection<String, String> from,
				@Nullable Throwable failure) {
			if (from != this.connection) {
				return;
			}
			this.waiting = false;
			Throwable cause = (failure instanceof CompletionException) ? failure.getCause() : failure;
			if (cause instanceof RedisCommandExecutionException && !this.refused) {
				this.refused = true;
				log.warn(
						"Sentinel at {}:{} does not tell when it makes another server the primary, to which calls may then "
								+ "go late: {}",
						this.sentinel.getHost(), this.sentinel.getPort(), cause.getMessage());
			}
		}

		@Override
		public void message(String channel, String message) {
			String[] parts = message.split(" ");
			if (parts.length == 5 && parts[0].equals(SentinelWatch.this.primary)) {
				named(List.of(parts[3], parts[4]));
			}
		}

		private synchronized void named(@Nullable List<String> server) {
			if (server == null || server.size() != 2) {
				return;
			}
			String before = this.address;
			this.address = String.join(":", server);
			if (before != null && !before.equals(this.address)) {
				SentinelWatch.this.changed = true;
				SentinelWatch.this.loop.wake();
			}
		}

	}

}
