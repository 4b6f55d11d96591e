package io.rq.redis;

import java.time.Clock;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.rq.log.SafeLog;

/**
 * Carries out what scripts of a queue have to do on other nodes. A script leaves it in a
 * list beside the queue; whoever called it delivers it, and maintenance does what a crash
 * has left undone. To deliver twice does no harm. Where all keys lie on one node there is
 * nothing to deliver.
 */
final class Deliveries {

	private static final SafeLog log = SafeLog.of(Deliveries.class);

	private static final int BATCH_SIZE = 100;

	private static final int MOST_AT_ONCE = 1_000;

	private final RedisScripts scripts;

	private final MoveCompletion moves;

	private final Suspension suspension;

	private final Clock clock;

	private final Set<String> announced = ConcurrentHashMap.newKeySet();

	Deliveries(RedisScripts scripts, Clock clock) {
		this.scripts = scripts;
		this.suspension = new Suspension(scripts, new QueueStore(scripts));
		this.moves = new MoveCompletion(scripts, clock);
		this.clock = clock;
	}

	/**
	 * Delivers what a call has just left. What fails is left to maintenance, as are the
	 * entries beyond {@value #MOST_AT_ONCE}: the call itself has been successful.
	 */
	void tryDeliver(String queue) {
		try {
			deliver(queue, MOST_AT_ONCE);
		}
		catch (RuntimeException ex) {
			log.debug("What queue {} has for other nodes waits for maintenance", queue, ex);
		}
	}

	/**
	 * Makes the name of a queue known before it has its first job of this process, so
	 * that this is found by its id at once. What fails follows with the delivery of the
	 * job.
	 */
	void announce(String queue) {
		if (!this.scripts.layout().tagged() || this.announced.contains(queue)) {
			return;
		}
		try {
			makeKnown(queue);
			this.announced.add(queue);
		}
		catch (RuntimeException ex) {
			log.debug("Queue {} is made known after its first job", queue, ex);
		}
	}

	/**
	 * Makes the name of a queue known where queues may lie apart: elsewhere a queue is
	 * known by its first job.
	 */
	void makeKnown(String queue) {
		if (this.scripts.layout().tagged()) {
			add(this.scripts.layout().queues(), this.scripts.keys(queue).queue());
		}
	}

	/**
	 * Delivers what there is of a queue, and what others have to say to that.
	 */
	void deliver(String queue) {
		deliver(queue, Integer.MAX_VALUE);
	}

	private void deliver(String queue, int most) {
		if (!this.scripts.layout().tagged()) {
			return;
		}
		Set<String> queues = new LinkedHashSet<>(Set.of(queue));
		while (!queues.isEmpty()) {
			String next = queues.iterator().next();
			queues.remove(next);
			deliver(next, most, queues);
		}
	}

	/** What cannot be delivered to one queue does not keep that from others. */
	private void deliver(String queue, int most, Set<String> answers) {
		String key = this.scripts.keys(queue).deliveries();
		Map<String, RuntimeException> failures = new LinkedHashMap<>();
		int left = 0;
		int seen = 0;
		List<byte[]> entries;
		do {
			entries = entries(key, left);
			seen += entries.size();
			for (byte[] entry : entries) {
				left += isDelivered(queue, entry, answers, failures) ? 0 : 1;
			}
		}
		while (entries.size() == BATCH_SIZE && seen < most);
		if (!failures.isEmpty()) {
			throw failures.values().iterator().next();
		}
	}

	private List<byte[]> entries(String key, int from) {
		return this.scripts.with(key, (connection) -> {
			List<byte[]> range = connection.listCommands()
				.lRange(ScriptArguments.bytes(key), from, from + BATCH_SIZE - 1);
			return (range != null) ? range : List.of();
		});
	}

	private boolean isDelivered(String queue, byte[] entry, Set<String> answers,
			Map<String, RuntimeException> failures) {
		String[] parts = Replies.text(entry).split("\n");
		if (failures.containsKey(parts[1])) {
			return false;
		}
		try {
			boolean delivered = deliver(queue, parts, answers);
			if (delivered) {
				String key = this.scripts.keys(queue).deliveries();
				this.scripts.with(key,
						(connection) -> connection.listCommands().lRem(ScriptArguments.bytes(key), 1, entry));
			}
			return delivered;
		}
		catch (RuntimeException ex) {
			failures.put(parts[1], ex);
			return false;
		}
	}

	private boolean deliver(String from, String[] entry, Set<String> answers) {
		String queue = entry[1];
		switch (entry[0]) {
			case "queue" -> {
				makeKnown(queue);
				this.suspension.extend(List.of(queue));
			}
			case "job" -> {
				ScriptArguments arguments = ScriptArguments.keys(this.scripts.keys(queue).queue())
					.add(Timestamps.text(this.clock.instant()))
					.add(entry[2])
					.add(queue)
					.add("0")
					.add("");
				Arrays.stream(entry).skip(3).forEach(arguments::add);
				this.scripts.run(Script.ENQUEUE, arguments);
				answers.add(queue);
			}
			case "joined" -> {
				add(this.scripts.layout().group(entry[2]), queue);
				add(this.scripts.layout().groups(), entry[2]);
			}
			case "left" ->
				this.scripts.with(this.scripts.layout().group(entry[2]), (connection) -> connection.setCommands()
					.sRem(ScriptArguments.bytes(this.scripts.layout().group(entry[2])), ScriptArguments.bytes(queue)));
			case "child" -> {
				this.scripts.count(Script.ATTACH,
						ScriptArguments.keys(this.scripts.keys(queue).queue())
							.add(queue)
							.add(entry[2])
							.add(entry[3])
							.add(entry[4]));
				answers.add(queue);
			}
			case "parent" -> this.scripts.count(Script.DELIVER,
					ScriptArguments.keys(this.scripts.keys(queue).queue())
						.add(queue)
						.add(entry[2])
						.add(entry[3])
						.add(entry[4])
						.add(Timestamps.text(this.clock.instant())));
			case "moved" -> {
				answers.add(queue);
				return this.moves.complete(from, queue, entry[2], entry[3], entry[4]);
			}
			default -> throw new IllegalStateException("Unexpected delivery '" + entry[0] + "'");
		}
		return true;
	}

	private void add(String set, String member) {
		this.scripts.with(set, (connection) -> connection.setCommands()
			.sAdd(ScriptArguments.bytes(set), ScriptArguments.bytes(member)));
	}

}
