package io.rq.template;

import java.lang.reflect.Array;
import java.nio.file.Path;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import org.springframework.util.ObjectUtils;

/**
 * Describes a call for people as Python RQ does: {@code tasks.add(1, b=2)}, each argument
 * cut at 75 characters, arguments by name in alphabetical order (protocol §3.1).
 */
final class CallDescription {

	private static final int MAX_LENGTH = 75;

	private final StringBuilder text = new StringBuilder(64);

	private int start;

	private CallDescription() {
	}

	static String of(String function, List<? extends @Nullable Object> args,
			Map<String, ? extends @Nullable Object> kwargs) {
		CallDescription description = new CallDescription();
		description.text.append(function).append('(');
		for (Object arg : args) {
			description.separate(function);
			description.argument(arg);
		}
		if (!kwargs.isEmpty()) {
			description.named(function, kwargs);
		}
		return description.text.append(')').toString();
	}

	private void named(String function, Map<String, ? extends @Nullable Object> kwargs) {
		List<String> names = new ArrayList<>(kwargs.keySet());
		Collections.sort(names);
		for (String name : names) {
			separate(function);
			this.text.append(name).append('=');
			argument(kwargs.get(name));
		}
	}

	private void separate(String function) {
		if (this.text.length() > function.length() + 1) {
			this.text.append(", ");
		}
	}

	private void argument(@Nullable Object value) {
		this.start = this.text.length();
		try {
			append(value);
		}
		catch (Throwable ex) {
			this.text.setLength(this.start);
			this.text.append(insteadOf(value, ex));
		}
		if (isFull()) {
			int end = this.start + MAX_LENGTH;
			this.text.setLength(Character.isHighSurrogate(this.text.charAt(end - 1)) ? end - 1 : end);
			this.text.append("...");
		}
	}

	private boolean isFull() {
		return this.text.length() - this.start > MAX_LENGTH;
	}

	private void append(@Nullable Object value) {
		if (isFull()) {
			return;
		}
		if (value == null) {
			this.text.append("None");
		}
		else if (value instanceof Boolean bool) {
			this.text.append(bool ? "True" : "False");
		}
		else if (value instanceof Number) {
			this.text.append(value);
		}
		else if (isText(value)) {
			quote(value.toString());
		}
		else if (value instanceof Optional<?> optional) {
			append(optional.orElse(null));
		}
		else {
			appendCompound(value);
		}
	}

	private static boolean isText(Object value) {
		return value instanceof CharSequence || value instanceof Character || value instanceof Enum<?>
				|| value instanceof Temporal || value instanceof UUID || value instanceof Path;
	}

	private void appendCompound(Object value) {
		if (value instanceof Map<?, ?> map) {
			appendMap(map);
		}
		else if (value instanceof Iterable<?> elements) {
			appendElements(elements.iterator());
		}
		else if (value.getClass().isArray()) {
			appendArray(value);
		}
		else {
			this.text.append(toText(value));
		}
	}

	private void appendElements(Iterator<?> elements) {
		this.text.append('[');
		while (elements.hasNext() && !isFull()) {
			append(elements.next());
			this.text.append(elements.hasNext() ? ", " : "");
		}
		this.text.append(']');
	}

	private void appendArray(Object array) {
		int length = Array.getLength(array);
		this.text.append('[');
		for (int i = 0; i < length && !isFull(); i++) {
			this.text.append((i > 0) ? ", " : "");
			append(Array.get(array, i));
		}
		this.text.append(']');
	}

	private void appendMap(Map<?, ?> map) {
		this.text.append('{');
		Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
		while (entries.hasNext() && !isFull()) {
			Map.Entry<?, ?> entry = entries.next();
			append(entry.getKey());
			this.text.append(": ");
			append(entry.getValue());
			this.text.append(entries.hasNext() ? ", " : "");
		}
		this.text.append('}');
	}

	private static String toText(Object value) {
		try {
			return ObjectUtils.nullSafeToString(value);
		}
		catch (Throwable ex) {
			return insteadOf(value, ex);
		}
	}

	/** No argument may keep its job from being enqueued by what it says of itself. */
	private static String insteadOf(@Nullable Object value, Throwable failure) {
		if (failure instanceof VirtualMachineError error && !(failure instanceof StackOverflowError)) {
			throw error;
		}
		return (value != null) ? "<" + value.getClass().getName() + ">" : "<?>";
	}

	private void quote(String value) {
		char quote = (value.indexOf('\'') >= 0 && value.indexOf('"') < 0) ? '"' : '\'';
		this.text.append(quote);
		for (int i = 0; i < value.length() && !isFull(); i++) {
			escape(value.charAt(i), quote);
		}
		this.text.append(quote);
	}

	private void escape(char c, char quote) {
		switch (c) {
			case '\n' -> this.text.append("\\n");
			case '\r' -> this.text.append("\\r");
			case '\t' -> this.text.append("\\t");
			case '\\' -> this.text.append("\\\\");
			default -> {
				if (c == quote) {
					this.text.append('\\').append(c);
				}
				else if (c < ' ' || c == 0x7f) {
					this.text.append(String.format("\\x%02x", (int) c));
				}
				else {
					this.text.append(c);
				}
			}
		}
	}

}
