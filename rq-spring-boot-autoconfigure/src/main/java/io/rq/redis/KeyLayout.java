package io.rq.redis;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

import io.rq.redis.KeyName.Place;

/**
 * Where the keys lie: the one place that knows how they are named. In RQ's layout all of
 * them may lie anywhere, so Redis must be one node. In the tagged layout each queue with
 * all that belongs to it, its jobs above all, has its keys under one hash tag
 * ({@code rq:{mail}:job:<id>}), as if it were an RQ of its own; only the names of the
 * queues and the channels are common to all.
 *
 * @param prefix what all names begin with, RQ's is {@code rq}
 * @param tagged whether each queue has a hash tag
 */
public record KeyLayout(String prefix, boolean tagged) {

	/** Names of keys in scripts are in capitals, as constants are. */
	private static final Pattern NAME = Pattern.compile("\\b[A-Z][A-Z_]*\\b");

	/**
	 * Only the first brace counts, and only if there is something between it and the next
	 * closing one.
	 */
	private static final Pattern HASH_TAG = Pattern.compile("^[^{]*\\{[^}]+}");

	/** The layout of RQ as installed, shared with its Python processes. */
	public static final KeyLayout RQ = rq("rq");

	/**
	 * Creates a layout.
	 * @throws IllegalArgumentException if the prefix is empty, has quotes, backslashes or
	 * line breaks, or has braces of its own where the queues need theirs
	 */
	public KeyLayout {
		Assert.hasText(prefix, "'prefix' must not be empty");
		Assert.isTrue(prefix.chars().noneMatch((character) -> "'\\\n".indexOf(character) >= 0),
				() -> "'prefix' must have no quotes, backslashes or line breaks: " + prefix);
		Assert.isTrue(!tagged || isWithoutBraces(prefix),
				() -> "'prefix' must have no braces or line breaks where each queue has its own braces: " + prefix);
	}

	/**
	 * Returns RQ's layout.
	 * @param prefix what all names begin with
	 * @return the layout
	 */
	public static KeyLayout rq(String prefix) {
		return new KeyLayout(prefix, false);
	}

	/**
	 * Returns the layout with a hash tag for each queue.
	 * @param prefix what all names begin with, without braces
	 * @return the layout
	 */
	public static KeyLayout tagged(String prefix) {
		return new KeyLayout(prefix, true);
	}

	private static boolean isWithoutBraces(String text) {
		return text.chars().noneMatch((character) -> character == '{' || character == '}' || character == '\n');
	}

	/**
	 * Returns whether all keys are in one slot of a Redis Cluster: the prefix has a hash
	 * tag, as <code>{rq}</code> has.
	 * @return whether they are
	 */
	public boolean isOneSlot() {
		return !this.tagged && HASH_TAG.matcher(this.prefix).find();
	}

	/**
	 * Returns whether the keys of each script are in one slot of a Redis Cluster.
	 * @return whether they are
	 */
	public boolean fitsCluster() {
		return this.tagged || isOneSlot();
	}

	/**
	 * Returns the key that decides where on a Redis Cluster that goes which belongs to no
	 * queue.
	 * @return the key
	 * @throws IllegalArgumentException if the keys of a script can be in several slots
	 */
	public String clusterKey() {
		Assert.isTrue(fitsCluster(),
				() -> "'prefix' must have a hash tag on a Redis Cluster, as '{%s}' has".formatted(this.prefix));
		return queues();
	}

	/**
	 * Returns a key that never exists in the slot of another. While that slot is moved to
	 * another node, Redis runs no script that names both, since one of them is missing:
	 * else a script could come to an end in its middle, where it meets a key that has
	 * gone already.
	 */
	String guard(String key) {
		int end = key.indexOf('}');
		return (end > 0) ? key.substring(0, end + 1) + ":" : this.prefix + ":{" + key + "}:";
	}

	/** The keys of a queue and its jobs. */
	QueueKeys of(String queue) {
		Assert.isTrue(!this.tagged || isWithoutBraces(queue),
				() -> "Queue name '" + queue + "' has braces or line breaks, which the layout needs for itself");
		return new QueueKeys(this.tagged ? this.prefix + ":{" + queue + "}:" : this.prefix + ":", queue);
	}

	/** All queues, by their keys (set). */
	String queues() {
		return common(KeyName.QUEUES);
	}

	/**
	 * The name of the queue behind a member of {@link #queues()}, or {@code null} if that
	 * is of another layout.
	 */
	@Nullable String queueName(String key) {
		String begin = this.tagged ? this.prefix + ":{" : of("").queue();
		int end = this.tagged ? key.indexOf('}') : key.length();
		return (key.startsWith(begin) && end >= begin.length()) ? key.substring(begin.length(), end) : null;
	}

	/** All groups, by their names (set). */
	String groups() {
		return common(KeyName.GROUPS);
	}

	/** The jobs of a group (set). */
	String group(String name) {
		return common(KeyName.GROUP) + name;
	}

	/** The queue that a rate limit is for, where that matters (string). Ours. */
	String rateLimitQueue(String name) {
		return common(KeyName.RATE_LIMIT_QUEUE) + name;
	}

	/** Flag that all workers are suspended (string). */
	String suspended() {
		return common(KeyName.SUSPENDED);
	}

	/** Who did what (stream). Ours. */
	String audit() {
		return common(KeyName.AUDIT);
	}

	/** The key of a job that the set of a group names. */
	String jobKey(String name) {
		return of(jobQueue(name)).job(jobId(name));
	}

	/** The queue of such a job where that matters, else an empty text. */
	String jobQueue(String name) {
		return this.tagged ? name.substring(0, Math.max(name.lastIndexOf(':'), 0)) : "";
	}

	/** The id of such a job. */
	String jobId(String name) {
		return this.tagged ? name.substring(name.lastIndexOf(':') + 1) : name;
	}

	/** Channel on which schedulers hear of earlier due times (pub/sub). Ours. */
	String wake() {
		return common(KeyName.WAKE);
	}

	/** Channel on which schedulers hear of locks given back (pub/sub). Ours. */
	String handover() {
		return common(KeyName.HANDOVER);
	}

	/**
	 * The channel on which a subscription of a scheduler listens for itself (pub/sub).
	 * Ours.
	 */
	String probe(UUID subscription) {
		return common(KeyName.PROBE) + subscription;
	}

	/** The channel on which a worker hears commands (pub/sub). */
	String commands(String worker) {
		return common(KeyName.PUBSUB) + worker;
	}

	/**
	 * The channel on which a subscription of a worker listens for itself (pub/sub). Ours.
	 */
	String workerProbe(UUID subscription) {
		return common(KeyName.WORKER_PROBE) + subscription;
	}

	private String common(KeyName name) {
		return this.prefix + ":" + name.text();
	}

	/**
	 * Divides what one call is to do into calls that touch what may lie apart: here one
	 * for all, or one for each queue.
	 */
	<T> Collection<List<T>> calls(List<T> items, Function<T, String> queue) {
		if (!this.tagged || items.isEmpty()) {
			return List.of(items);
		}
		Map<String, List<T>> calls = items.stream()
			.collect(Collectors.groupingBy(queue, LinkedHashMap::new, Collectors.toList()));
		return calls.values();
	}

	/**
	 * Returns a script with the names of keys filled in, at the line that asks for them.
	 * Here each stands as a literal in its place, because every variable costs each call;
	 * in the tagged layout they are variables, which take the queue's tag from the key
	 * that never exists.
	 */
	String render(String script, String line) {
		if (this.tagged) {
			return script.replace(line, variables(script));
		}
		Map<String, String> literals = new HashMap<>();
		literals.put("ONE_NODE", "true");
		for (KeyName name : KeyName.values()) {
			literals.put(name.name(), literal(name));
		}
		return NAME.matcher(script.replace(line, ""))
			.replaceAll((word) -> Matcher.quoteReplacement(literals.getOrDefault(word.group(), word.group())));
	}

	private String variables(String script) {
		Set<String> used = NAME.matcher(script).results().map(MatchResult::group).collect(Collectors.toSet());
		StringBuilder lines = new StringBuilder("local ONE_NODE = false\n");
		for (KeyName name : KeyName.values()) {
			if (used.contains(name.name())) {
				lines.append("local %s = %s%s\n".formatted(name, (name.place() == Place.QUEUE) ? "TAG .. " : "",
						literal(name)));
			}
		}
		return lines.toString();
	}

	/**
	 * Returns keys that a script in this layout makes itself, or what they begin with;
	 * those of a queue only in RQ's layout.
	 */
	List<String> named(String script) {
		return keys().filter((key) -> script.contains("'" + key + "'")).toList();
	}

	/** Returns the pattern by which a user is allowed to use a key and others like it. */
	String pattern(String key) {
		return keys().filter((name) -> key.startsWith(name))
			.max(Comparator.comparing(String::length))
			.map((name) -> name.endsWith(":") ? name + "*" : name)
			.orElse(this.prefix + ":*");
	}

	private Stream<String> keys() {
		return Stream.of(KeyName.values())
			.filter((name) -> name.place() == Place.COMMON || !this.tagged && name.place() == Place.QUEUE)
			.map(this::common);
	}

	private String literal(KeyName name) {
		boolean whole = name.place() == Place.END || (this.tagged && name.place() == Place.QUEUE);
		return "'" + (whole ? name.text() : common(name)) + "'";
	}

}
