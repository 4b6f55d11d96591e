package io.rq.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Groups of horizontal bars with whiskers, each group on a scale of its own.
 */
final class BarChart {

	private static final int WIDTH = 760;

	private static final int LEFT = 190;

	private static final int RIGHT = 90;

	private static final int ROW = 18;

	private static final int BAR = 12;

	private final String title;

	private final List<Group> groups = new ArrayList<>();

	BarChart(String title) {
		this.title = title;
	}

	void group(String name) {
		this.groups.add(new Group(name, new ArrayList<>()));
	}

	void bar(String name, Spread spread, boolean ours) {
		this.groups.get(this.groups.size() - 1).bars().add(new Bar(name, spread, ours));
	}

	@Override
	public String toString() {
		Svg svg = new Svg().title(12, 22, this.title);
		double y = 40;
		for (Group group : this.groups) {
			y = draw(svg, group, y);
		}
		return svg.document(WIDTH, y);
	}

	private static double draw(Svg svg, Group group, double top) {
		if (group.bars().isEmpty()) {
			return top;
		}
		double largest = group.bars().stream().mapToDouble((bar) -> bar.spread().max()).max().orElse(1);
		double scale = (WIDTH - LEFT - RIGHT) / largest;
		svg.title(12, top + ROW - 4, group.name());
		double y = top + ROW + 4;
		for (Bar bar : group.bars()) {
			Spread spread = bar.spread();
			double middle = y + BAR / 2.0;
			svg.text(LEFT - 8, y + BAR - 2, "end", bar.name())
				.box(LEFT, y, spread.median() * scale, BAR, bar.ours() ? Svg.OURS : Svg.THEIRS)
				.segment(LEFT + spread.min() * scale, middle, LEFT + spread.max() * scale, middle, Svg.INK)
				.text(LEFT + spread.max() * scale + 6, y + BAR - 2, "start",
						String.format(Locale.ROOT, "%,.0f", spread.median()));
			y += ROW;
		}
		return y + ROW / 2.0;
	}

	private record Group(String name, List<Bar> bars) {

	}

	private record Bar(String name, Spread spread, boolean ours) {

	}

}
