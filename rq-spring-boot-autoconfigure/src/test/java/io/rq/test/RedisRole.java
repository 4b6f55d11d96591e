package io.rq.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.springframework.util.Assert;

/**
 * The users of Redis that the documentation has a table of, and what their applications
 * are configured to do.
 */
public enum RedisRole {

	PRODUCER("rq.worker.enabled=false", "rq.worker.with-scheduler=false", "rq.operations.bulk.enabled=false"),

	WORKER("rq.worker.enabled=true", "rq.worker.with-scheduler=false", "rq.operations.bulk.enabled=false"),

	SCHEDULER("rq.worker.enabled=false", "rq.worker.with-scheduler=true", "rq.operations.bulk.enabled=false"),

	OPERATOR("rq.worker.enabled=false", "rq.worker.with-scheduler=false"),

	OBSERVER("rq.worker.enabled=false", "rq.worker.with-scheduler=false", "rq.operations.bulk.enabled=false");

	private static final Path PAGE = Path.of("..", "docs", "security.md");

	private final List<String> properties;

	RedisRole(String... properties) {
		this.properties = List.of(properties);
	}

	/**
	 * Returns the name of the user, which is its password too.
	 * @return the name
	 */
	public String user() {
		return name().toLowerCase(Locale.ROOT);
	}

	/**
	 * Returns what makes an application do the work of the role.
	 * @return Spring Boot properties
	 */
	public List<String> properties() {
		return this.properties;
	}

	/**
	 * Returns what the documentation says the user needs, rule by rule.
	 * @return the rules, as for {@code ACL SETUSER}
	 */
	public List<String> rules() {
		List<String> rules = new ArrayList<>(List.of("resetchannels"));
		if (this != OBSERVER) {
			rules.addAll(row("all but observer"));
		}
		rules.addAll(row(user()));
		return rules;
	}

	/**
	 * Creates the user, or gives it other rules.
	 * @param redis where
	 * @param rules what it may do
	 */
	public void allow(TestRedis redis, List<String> rules) {
		redis.setUser(user(),
				Stream.concat(Stream.of("reset", "on", ">" + user()), rules.stream()).toArray(String[]::new));
	}

	private static List<String> row(String name) {
		Matcher row = Pattern.compile("(?m)^\\| " + name + " \\|(.*)$").matcher(page());
		Assert.state(row.find(), () -> PAGE + " has no row for " + name);
		return Pattern.compile("`([^`]+)`")
			.matcher(row.group(1))
			.results()
			.flatMap((code) -> Stream.of(code.group(1).replace("\\|", "|").split("\\s+")))
			.toList();
	}

	private static String page() {
		try {
			return Files.readString(PAGE);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
