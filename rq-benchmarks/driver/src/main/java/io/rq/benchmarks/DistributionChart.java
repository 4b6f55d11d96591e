package io.rq.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Times by percentile: both axes logarithmic, so that the rare slow ones are seen.
 */
final class DistributionChart {

	private static final int WIDTH = 760;

	private static final int HEIGHT = 380;

	private static final int LEFT = 60;

	private static final int RIGHT = 190;

	private static final int TOP = 40;

	private static final int BOTTOM = 40;

	private static final double NINES = 3.3;

	private static final List<String> COLOURS = List.of("#1f6fb2", "#2f9e62", "#b07d12", "#7a4fb5", "#3aa6a6",
			"#9b5a3c", "#5c6b7a", "#a63a78", "#6b8e23");

	private final String title;

	private final List<Line> lines = new ArrayList<>();

	DistributionChart(String title) {
		this.title = title;
	}

	void line(String name, Latencies latencies, boolean ours) {
		this.lines.add(new Line(name, latencies, ours ? Svg.OURS : COLOURS.get(this.lines.size() % COLOURS.size())));
	}

	@Override
	public String toString() {
		double low = Math
			.floor(this.lines.stream().mapToDouble((line) -> exponent(line.latencies(), 0)).min().orElse(0));
		double high = Math
			.ceil(this.lines.stream().mapToDouble((line) -> exponent(line.latencies(), 100)).max().orElse(1));
		Svg svg = new Svg().title(12, 22, this.title);
		axes(svg, low, high);
		double legend = TOP + 10;
		for (Line line : this.lines) {
			svg.path(points(line.latencies(), low, high), line.colour(), line.colour().equals(Svg.OURS) ? 3 : 1.5)
				.box(WIDTH - RIGHT + 14, legend - 9, 12, 10, line.colour())
				.text(WIDTH - RIGHT + 32, legend, "start", line.name());
			legend += 20;
		}
		return svg.document(WIDTH, HEIGHT);
	}

	private static void axes(Svg svg, double low, double high) {
		for (double exponent = low; exponent <= high; exponent++) {
			double y = y(exponent, low, high);
			svg.segment(LEFT, y, WIDTH - RIGHT, y, Svg.GRID)
				.text(LEFT - 6, y + 4, "end", String.format(Locale.ROOT, "%s", label(exponent)));
		}
		for (double percentile : new double[] { 0, 50, 90, 99, 99.9 }) {
			double x = x(percentile);
			svg.segment(x, TOP, x, HEIGHT - BOTTOM, Svg.GRID)
				.text(x, HEIGHT - BOTTOM + 16, "middle", (percentile == 0) ? "min" : "p" + label(percentile, 1));
		}
	}

	private static String label(double exponent) {
		return label(Math.pow(10, exponent), 3);
	}

	private static String label(double value, int digits) {
		return String.format(Locale.ROOT, "%." + digits + "f", value).replaceAll("\\.?0+$", "");
	}

	private static String points(Latencies latencies, double low, double high) {
		StringBuilder points = new StringBuilder();
		for (double nines = 0; nines <= NINES; nines += 0.05) {
			double percentile = 100 - 100 * Math.pow(10, -nines);
			points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(percentile),
					y(exponent(latencies, percentile), low, high)));
		}
		return points.toString().trim();
	}

	private static double exponent(Latencies latencies, double percentile) {
		return Math.log10(Math.max(0.01, latencies.millisAt(percentile)));
	}

	private static double x(double percentile) {
		double nines = -Math.log10(1 - percentile / 100);
		return LEFT + nines / NINES * (WIDTH - LEFT - RIGHT);
	}

	private static double y(double exponent, double low, double high) {
		return HEIGHT - BOTTOM - (exponent - low) / (high - low) * (HEIGHT - TOP - BOTTOM);
	}

	private record Line(String name, Latencies latencies, String colour) {

	}

}
