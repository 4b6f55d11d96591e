package io.rq.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.stream.ByteRecord;
import org.springframework.data.redis.connection.stream.ReadOffset;
import org.springframework.data.redis.connection.stream.StreamOffset;
import org.springframework.data.redis.connection.stream.StreamReadOptions;

import io.rq.log.SafeLog;
import io.rq.redis.connection.Server;

/**
 * Reads streams of results on a connection of its own, waiting on the server for the
 * first entry. One stream more is its own: an entry there ends the wait. One thread
 * reads; any may end its wait.
 */
final class ResultStreams {

	private static final SafeLog log = SafeLog.of(ResultStreams.class);

	private static final long NUDGE_SECONDS = 60;

	static final String BEGINNING = "0-0";

	private final RedisScripts scripts;

	private final QueueKeys keys;

	private volatile String own;

	private String ownOffset = BEGINNING;

	private @Nullable Server server;

	private @Nullable RedisConnection connection;

	private int generation;

	ResultStreams(RedisScripts scripts, QueueKeys keys) {
		this.scripts = scripts;
		this.keys = keys;
		this.own = newName();
	}

	private String newName() {
		return this.keys.awaiting(UUID.randomUUID().toString());
	}

	static StreamOffset<byte[]> offset(byte[] stream, String offset) {
		return StreamOffset.create(stream, ReadOffset.from(offset));
	}

	/** Returns the name of its own stream. */
	String own() {
		return this.own;
	}

	/**
	 * Waits for entries.
	 * @param streams those to read beside its own, each with the last entry that is known
	 * @param longest how long to wait at most
	 * @return the entries, those of its own stream too
	 * @throws RuntimeException if Redis fails; the connection has been given back
	 */
	@SuppressWarnings("unchecked")
	List<ByteRecord> read(List<StreamOffset<byte[]>> streams, Duration longest) {
		List<StreamOffset<byte[]>> all = new ArrayList<>(streams.size() + 1);
		all.add(offset(ScriptArguments.bytes(this.own), this.ownOffset));
		all.addAll(streams);
		Server current = this.scripts.server(this.own);
		List<ByteRecord> entries;
		try {
			entries = connection(current).streamCommands()
				.xRead(StreamReadOptions.empty().block(longest), all.toArray(StreamOffset[]::new));
			current.care().succeeded();
		}
		catch (RuntimeException ex) {
			release();
			current.failed(ex, this.generation);
			throw ex;
		}
		if (entries == null) {
			return List.of();
		}
		for (ByteRecord entry : entries) {
			if (this.own.equals(Replies.text(entry.getStream()))) {
				this.ownOffset = entry.getId().getValue();
			}
		}
		return entries;
	}

	private RedisConnection connection(Server current) {
		int newest = current.care().generation();
		if (this.connection == null || this.generation != newest || this.server == null || !this.server.has(current)) {
			release();
			this.server = current;
			this.generation = newest;
			this.connection = current.connections().getConnection();
		}
		return this.connection;
	}

	/** Ends the wait; where Redis fails it goes on until its time is over. */
	void nudge() {
		try {
			this.scripts.run(Script.NUDGE, ScriptArguments.keys(this.own).add(NUDGE_SECONDS));
		}
		catch (RuntimeException ex) {
			log.debug("The wait for results goes on until its time is over", ex);
		}
	}

	/** Takes another stream for its own: what has its name may be of another type. */
	void rename() {
		this.own = newName();
	}

	/** Gives the connection back, if there is one. */
	void release() {
		RedisConnection current = this.connection;
		this.connection = null;
		if (current != null) {
			current.close();
		}
	}

}
