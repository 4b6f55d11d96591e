package io.rq.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The scripts as Redis gets them in one {@link KeyLayout}. A line
 * {@code --- @include name} stands for the file of that name in the folder
 * {@code includes}, the first time it is met; {@code keys} stands for the names of keys
 * that the script uses.
 */
final class ScriptTexts {

	private static final String INCLUDE = "--- @include ";

	private static final String KEYS = "keys";

	private static final Map<KeyLayout, ScriptTexts> TEXTS = new ConcurrentHashMap<>();

	private final Map<Script, Text> texts = new ConcurrentHashMap<>();

	private final KeyLayout layout;

	private ScriptTexts(KeyLayout layout) {
		this.layout = layout;
	}

	/** Returns the texts for a layout, each of which is made once, when it is needed. */
	static ScriptTexts of(KeyLayout layout) {
		return TEXTS.computeIfAbsent(layout, ScriptTexts::new);
	}

	/** Scripts with such a line may touch one slot only, and Redis 7 sees to it. */
	private static String flags(KeyLayout layout, Script script) {
		return layout.tagged() ? script.addsJobs() ? "#!lua\n" : "#!lua flags=allow-oom\n" : "";
	}

	/** Takes the key away of which no script is to know. */
	private static String guard(KeyLayout layout) {
		return layout.tagged() ? "local TAG = table.remove(KEYS)\n" : layout.isOneSlot() ? "table.remove(KEYS)\n" : "";
	}

	Text get(Script script) {
		Text text = this.texts.get(script);
		return (text != null) ? text : this.texts.computeIfAbsent(script, this::make);
	}

	private Text make(Script script) {
		String body = new Source(ScriptTexts::read).of(script.fileName());
		return Text
			.of(flags(this.layout, script) + guard(this.layout) + this.layout.render(body, INCLUDE + KEYS + "\n"));
	}

	String text(Script script) {
		return new String(get(script).bytes(), StandardCharsets.UTF_8);
	}

	private static String read(String file) {
		try (InputStream in = ScriptTexts.class.getResourceAsStream(file)) {
			if (in == null) {
				throw new IllegalStateException("Script " + file + " is missing from the class path");
			}
			return new String(in.readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Returns the digest as Redis forms it. */
	static String sha1(byte[] bytes) {
		try {
			return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(bytes));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-1", ex);
		}
	}

	/**
	 * A script in one layout.
	 *
	 * @param bytes the text. Not copied; do not modify
	 * @param sha its digest
	 */
	@SuppressWarnings("ArrayRecordComponent")
	record Text(byte[] bytes, String sha) {

		private static Text of(String text) {
			byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
			return new Text(bytes, sha1(bytes));
		}

	}

	/**
	 * One script with its includes, which may include others.
	 */
	static final class Source {

		private final Function<String, String> files;

		private final StringBuilder text = new StringBuilder();

		private final Set<String> included = new HashSet<>();

		private final Deque<String> open = new ArrayDeque<>();

		Source(Function<String, String> files) {
			this.files = files;
		}

		String of(String file) {
			add(file);
			return this.text.toString();
		}

		private void add(String file) {
			if (this.open.contains(file)) {
				throw new IllegalStateException("Script " + file + " includes itself, by way of " + this.open);
			}
			this.open.push(file);
			this.files.apply(file).lines().forEach(this::addLine);
			this.open.pop();
		}

		private void addLine(String line) {
			String include = line.startsWith(INCLUDE) ? line.substring(INCLUDE.length()) : null;
			if (include == null || include.equals(KEYS) && this.included.add(KEYS)) {
				this.text.append(line).append('\n');
			}
			else if (!include.equals(KEYS)) {
				addInclude("includes/" + include + ".lua");
			}
		}

		private void addInclude(String file) {
			if (this.open.contains(file) || this.included.add(file)) {
				add(file);
			}
		}

	}

}
