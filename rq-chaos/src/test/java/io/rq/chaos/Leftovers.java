package io.rq.chaos;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.rq.test.RedisState.Entry;

/**
 * Keys that would stay for ever though nobody needs them.
 */
final class Leftovers {

	/** The states of a job in which nothing will become of it any more. */
	static final Set<String> ENDED = Set.of("finished", "failed", "stopped", "canceled");

	/** Keys of one job or one process. */
	private static final Predicate<String> MORTAL = Pattern
		.compile("rq:(\\{[^}]*}:)?(job|results|attempts|execution|executions|enqueued|worker|scheduler|scheduler-lock"
				+ "|awaiting|taken|claim-epoch|worker-claim):.*")
		.asMatchPredicate();

	private Leftovers() {
	}

	/**
	 * Returns the keys of ended jobs and of processes that have no time to live, as soon
	 * as there are none or it is too late for that.
	 */
	static Set<String> of(Stage stage) {
		Stage.comes(() -> now(stage).isEmpty());
		return now(stage);
	}

	private static Set<String> now(Stage stage) {
		Map<String, Entry> keys = stage.ground().state().keys();
		Set<String> live = keys.entrySet()
			.stream()
			.filter((key) -> isLiveJob(key.getValue()))
			.map((key) -> key.getKey().substring(key.getKey().lastIndexOf(':') + 1))
			.collect(Collectors.toSet());
		return keys.keySet()
			.stream()
			.filter((key) -> MORTAL.test(key) && keys.get(key).ttl() == -1 && live.stream().noneMatch(key::contains))
			.collect(Collectors.toCollection(TreeSet::new));
	}

	private static boolean isLiveJob(Entry entry) {
		return entry.value() instanceof Map<?, ?> hash && hash.containsKey("origin")
				&& !ENDED.contains(String.valueOf(hash.get("status")));
	}

}
