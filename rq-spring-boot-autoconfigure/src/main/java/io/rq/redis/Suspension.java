package io.rq.redis;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * The flag by which no worker starts a job (protocol §12.3). Where queues may lie apart
 * each has one, since a claim sees nothing else; one for all is for the queues that are
 * not known yet.
 */
final class Suspension {

	/** What Redis tells of a key that stays. */
	private static final long UNLIMITED = -1;

	private final RedisScripts scripts;

	private final QueueStore queues;

	Suspension(RedisScripts scripts, QueueStore queues) {
		this.scripts = scripts;
		this.queues = queues;
	}

	private String flagOfAll() {
		return this.scripts.layout().suspended();
	}

	private List<String> flagsOfQueues() {
		return this.scripts.layout().tagged() ? this.queues.anyKeys().map(QueueKeys::suspended).toList() : List.of();
	}

	/**
	 * Does something to the flag for all and only then asks which queues there are: one
	 * that comes meanwhile is either among them or follows the flag for all.
	 */
	private void onAll(Consumer<String> action) {
		NodeCalls first = NodeCalls.make(List.of(flagOfAll()), action);
		NodeCalls.make(flagsOfQueues(), action).requireAll();
		first.requireAll();
	}

	/**
	 * Suspends the workers.
	 * @param duration for how long, in whole seconds, or {@code null} for ever
	 */
	void begin(@Nullable Duration duration) {
		onAll((flag) -> set(flag, duration, true));
	}

	private void set(String flag, @Nullable Duration duration, boolean anew) {
		this.scripts.count(Script.SUSPEND,
				ScriptArguments.keys(flag)
					.add((duration != null) ? Long.toString(duration.toSeconds()) : "")
					.add(anew ? "1" : ""));
	}

	/** Lets the workers go on. Returns whether they were suspended. */
	boolean end() {
		Set<Boolean> deleted = new HashSet<>();
		onAll((flag) -> deleted.add(delete(flag)));
		return deleted.contains(true);
	}

	private boolean delete(String flag) {
		return Boolean.TRUE.equals(this.scripts.with(flag,
				(connection) -> Long.valueOf(1).equals(connection.keyCommands().del(ScriptArguments.bytes(flag)))));
	}

	/** Returns whether workers are suspended, on some queues at least. */
	boolean isOn() {
		Set<Boolean> answers = new HashSet<>();
		List<String> flags = Stream.concat(Stream.of(flagOfAll()), flagsOfQueues().stream()).toList();
		this.scripts.look(flags, Function.identity(), (flag) -> answers.add(this.scripts.exists(flag)))
			.requireSome("Asking whether workers are suspended");
		return answers.contains(true);
	}

	/**
	 * Extends a suspension to queues that may not have been known when it began. If it
	 * ends at this very moment, it ends for them too.
	 */
	void extend(Collection<String> names) {
		if (!this.scripts.layout().tagged()) {
			return;
		}
		String all = flagOfAll();
		Long seconds = this.scripts.with(all, (connection) -> connection.keyCommands().ttl(ScriptArguments.bytes(all)));
		if (seconds == null || seconds < UNLIMITED) {
			return;
		}
		Duration duration = (seconds != UNLIMITED) ? Duration.ofSeconds(Math.max(1, seconds)) : null;
		for (String name : names) {
			String flag = this.scripts.keys(name).suspended();
			set(flag, duration, false);
			if (!this.scripts.exists(all)) {
				delete(flag);
			}
		}
	}

}
