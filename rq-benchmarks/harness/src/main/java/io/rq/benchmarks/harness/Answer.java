package io.rq.benchmarks.harness;

import java.util.StringJoiner;

/**
 * One line of answer, a flat JSON object.
 */
final class Answer {

	/**
	 * Marks the lines that are answers: the rest of the output is a system's own.
	 */
	static final String MARK = "@@ ";

	private final StringJoiner members = new StringJoiner(",", "{", "}");

	Answer with(String name, Object value) {
		boolean bare = value instanceof Number || value instanceof Boolean;
		this.members.add(quoted(name) + ":" + (bare ? value : quoted(String.valueOf(value))));
		return this;
	}

	private static String quoted(String text) {
		StringBuilder quoted = new StringBuilder("\"");
		text.chars().forEach((c) -> {
			if (c == '"' || c == '\\') {
				quoted.append('\\').append((char) c);
			}
			else {
				quoted.append((c < ' ') ? ' ' : (char) c);
			}
		});
		return quoted.append('"').toString();
	}

	@Override
	public String toString() {
		return MARK + this.members;
	}

}
