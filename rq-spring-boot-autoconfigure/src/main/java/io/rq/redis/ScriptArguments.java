package io.rq.redis;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Keys and arguments of one script call, in order; keys come first.
 */
final class ScriptArguments {

	private static final byte[] EMPTY = {};

	private final List<byte[]> values = new ArrayList<>(64);

	private int keys;

	static ScriptArguments keys(String... keys) {
		ScriptArguments arguments = new ScriptArguments();
		for (String key : keys) {
			arguments.key(key);
		}
		return arguments;
	}

	static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	/** Adds a key; only before the first argument. */
	ScriptArguments key(String key) {
		this.values.add(bytes(key));
		this.keys = this.values.size();
		return this;
	}

	/** Returns the same with one more key, the last. */
	ScriptArguments with(UnaryOperator<String> guard) {
		ScriptArguments more = new ScriptArguments();
		more.values.addAll(this.values);
		more.values.add(this.keys, bytes(guard.apply(firstKey())));
		more.keys = this.keys + 1;
		return more;
	}

	String firstKey() {
		return new String(this.values.get(0), StandardCharsets.UTF_8);
	}

	ScriptArguments add(String value) {
		this.values.add(value.isEmpty() ? EMPTY : bytes(value));
		return this;
	}

	ScriptArguments add(long value) {
		return add(Long.toString(value));
	}

	ScriptArguments addAll(List<byte[]> more) {
		this.values.addAll(more);
		return this;
	}

	List<String> givenKeys() {
		return this.values.subList(0, this.keys)
			.stream()
			.map((key) -> new String(key, StandardCharsets.UTF_8))
			.toList();
	}

	int numberOfKeys() {
		return this.keys;
	}

	byte[][] toArray() {
		return this.values.toArray(byte[][]::new);
	}

}
