package io.rq.redis;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.springframework.dao.InvalidDataAccessApiUsageException;
import org.springframework.dao.PermissionDeniedDataAccessException;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.ReturnType;

import io.rq.log.FailureText;

/**
 * What the user of a connection lacks. Redis itself says of a script that was refused
 * neither which command nor which key it was.
 *
 * @param commands the commands that it may not call, or not with any of our keys
 * @param untold the commands of which a Redis before 7 does not tell
 * @param keys the keys that it may not use
 */
record MissingRights(List<String> commands, List<String> untold, List<String> keys) {

	/** What Redis says of a command, and of one in a script before and since 7.2. */
	private static final Pattern REFUSAL = Pattern
		.compile("\\bNOPERM |The user executing the script can't |ACL failure in script: ");

	private static final Pattern COMMAND = Pattern.compile("permissions to run the '([^']+)' command");

	private static final Pattern WORD = Pattern.compile("'([A-Z]{3,})'");

	/**
	 * The words in capitals of scripts that are no commands, and one they can do without.
	 */
	private static final Set<String> NO_COMMANDS = Set.of("COUNT", "DONE", "INFO", "LEFT", "LIMIT", "MATCH", "MAXLEN",
			"NOPERM", "RANK", "RIGHT", "SAMPLES", "USAGE", "WITHSCORES", "WITHVALUES");

	/** Returns whether Redis has refused a call because of the rights of its user. */
	static boolean areMeant(Throwable failure) {
		return RedisScripts.hasMessage(failure, REFUSAL.asPredicate());
	}

	/** Returns the commands that a script calls, were it by way of a variable. */
	static Set<String> commands(String script) {
		return WORD.matcher(script)
			.results()
			.map((word) -> word.group(1))
			.filter((word) -> !NO_COMMANDS.contains(word))
			.collect(Collectors.toCollection(TreeSet::new));
	}

	/**
	 * Asks for the rights.
	 * @param commands the commands
	 * @param given keys that scripts are given, beside that of a job
	 * @param named keys that scripts make themselves
	 */
	static MissingRights ask(RedisConnection connection, KeyLayout layout, Collection<String> commands,
			Collection<String> given, Collection<String> named) {
		List<String> keys = new ArrayList<>(List.of(layout.of("default").job(UUID.randomUUID().toString())));
		keys.addAll(given);
		keys.addAll(named);
		ScriptArguments arguments = ScriptArguments.keys().add(layout.wake()).add(1L + given.size()).add(named.size());
		keys.forEach(arguments::add);
		commands.forEach(arguments::add);
		List<?> reply = Objects.requireNonNull(connection.scriptingCommands()
			.eval(ScriptTexts.of(layout).get(Script.RIGHTS).bytes(), ReturnType.MULTI, 0, arguments.toArray()));
		return new MissingRights(Replies.list(reply, 0).stream().map(Replies::text).toList(),
				Replies.list(reply, 1).stream().map(Replies::text).toList(),
				Replies.positions(Replies.list(reply, 2)).stream().map(keys::get).toList());
	}

	/**
	 * Throws what tells of the rights to scripts that are missing, if any are. Without
	 * that to send messages they do all else.
	 */
	static void require(RedisConnection connection, KeyLayout layout, Collection<Script> scripts) {
		String texts = scripts.stream().map(ScriptTexts.of(layout)::text).collect(Collectors.joining());
		List<String> named = layout.named(texts);
		Set<String> commands = commands(texts);
		commands.remove("PUBLISH");
		MissingRights missing = ask(connection, layout, commands, List.of(), named);
		Set<String> patterns = patterns(layout, missing.keys);
		if (!missing.commands.isEmpty() || !patterns.isEmpty()) {
			throw exception("", missing.commands, patterns,
					new InvalidDataAccessApiUsageException("Redis was asked before anything is begun"));
		}
	}

	private static Set<String> patterns(KeyLayout layout, List<String> keys) {
		return keys.stream().map(layout::pattern).collect(Collectors.toCollection(TreeSet::new));
	}

	/**
	 * Returns what to throw for a script that was refused.
	 * @param failure how Redis has refused it
	 * @param connection asks Redis what is missing
	 * @param given the keys that the script was given
	 */
	static RuntimeException of(RuntimeException failure, RedisConnection connection, KeyLayout layout, Script script,
			List<String> given) {
		if (COMMAND.matcher(said(failure)).find()) {
			return of(failure, layout, List.of());
		}
		String text = ScriptTexts.of(layout).text(script);
		List<String> named = layout.named(text);
		String place = " in " + script.fileName();
		try {
			MissingRights missing = ask(connection, layout, commands(text), given, named);
			List<String> keys = missing.keys.stream()
				.filter((key) -> given.contains(key) || named.contains(key))
				.toList();
			return exception(place, missing.commands, patterns(layout, keys), failure);
		}
		catch (RuntimeException ex) {
			return exception(place, List.of(), List.of(), failure);
		}
	}

	/**
	 * Returns what to throw for another command that was refused.
	 * @param failure how Redis has refused it
	 * @param keys what it was about
	 */
	static RuntimeException of(RuntimeException failure, KeyLayout layout, Collection<String> keys) {
		Matcher command = COMMAND.matcher(said(failure));
		if (command.find()) {
			return exception("", List.of(command.group(1).toUpperCase(Locale.ROOT)), List.of(), failure);
		}
		return exception("", List.of(), keys.stream().map(layout::pattern).toList(), failure);
	}

	private static RuntimeException exception(String place, Collection<String> commands, Collection<String> keys,
			RuntimeException failure) {
		List<String> lacks = new ArrayList<>();
		if (!commands.isEmpty()) {
			lacks.add("call " + String.join(", ", commands));
		}
		if (!keys.isEmpty()) {
			lacks.add("use the keys " + String.join(", ", keys));
		}
		String rules = Stream
			.concat(commands.stream().map((command) -> "+" + command.toLowerCase(Locale.ROOT)),
					keys.stream().map("~"::concat))
			.collect(Collectors.joining(" "));
		String text = "The Redis user may not " + (lacks.isEmpty() ? "do what is done" : String.join(" or ", lacks))
				+ place + ": allow it with ACL SETUSER <user>" + (rules.isEmpty() ? "" : " " + rules) + " ("
				+ said(failure) + ")";
		return new PermissionDeniedDataAccessException(text, failure);
	}

	private static String said(Throwable failure) {
		for (Throwable cause : FailureText.causes(failure)) {
			String message = cause.getMessage();
			if (message != null && cause.getCause() == null) {
				return message;
			}
		}
		return "";
	}

}
