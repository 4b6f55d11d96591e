package io.rq.benchmarks;

import java.util.List;

/**
 * The values of several rounds.
 *
 * @param median the median
 * @param min the smallest
 * @param max the largest
 */
record Spread(double median, double min, double max) {

	private static final double DECIDED = 0.3;

	static Spread of(List<Double> values) {
		List<Double> sorted = values.stream().sorted().toList();
		int middle = sorted.size() / 2;
		double median = (sorted.size() % 2 == 1) ? sorted.get(middle)
				: (sorted.get(middle - 1) + sorted.get(middle)) / 2;
		return new Spread(median, sorted.get(0), sorted.get(sorted.size() - 1));
	}

	/** Whether the values lie so near each other that their median says something. */
	boolean isDecided() {
		return this.max - this.min <= DECIDED * this.median;
	}

}
