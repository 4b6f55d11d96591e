package io.rq.benchmarks;

import java.util.ArrayList;
import java.util.List;

/**
 * A table of a Markdown document. Rows without any value are left out.
 */
final class MarkdownTable {

	static final String NOTHING = "–";

	private final List<String> lines = new ArrayList<>();

	MarkdownTable(List<String> head) {
		this.lines.add(line(head));
		this.lines.add("|---|" + "---:|".repeat(head.size() - 1));
	}

	void row(String name, List<String> cells) {
		if (cells.stream().allMatch(NOTHING::equals)) {
			return;
		}
		List<String> row = new ArrayList<>(List.of(name));
		row.addAll(cells);
		this.lines.add(line(row));
	}

	boolean isEmpty() {
		return this.lines.size() == 2;
	}

	private static String line(List<String> cells) {
		return "| " + String.join(" | ", cells) + " |";
	}

	@Override
	public String toString() {
		return String.join("\n", this.lines);
	}

}
