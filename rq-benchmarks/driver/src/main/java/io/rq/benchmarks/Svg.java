package io.rq.benchmarks;

import java.util.Locale;

/**
 * A picture made of lines, boxes and words.
 */
final class Svg {

	static final String OURS = "#c6302b";

	static final String THEIRS = "#8796a8";

	static final String GRID = "#d9dee4";

	static final String INK = "#2b3440";

	private final StringBuilder body = new StringBuilder();

	Svg box(double x, double y, double width, double height, String colour) {
		return add("<rect x='%.1f' y='%.1f' width='%.1f' height='%.1f' fill='%s'/>", x, y, width, height, colour);
	}

	Svg segment(double x1, double y1, double x2, double y2, String colour) {
		return add("<line x1='%.1f' y1='%.1f' x2='%.1f' y2='%.1f' stroke='%s'/>", x1, y1, x2, y2, colour);
	}

	Svg path(String points, String colour, double width) {
		return add("<polyline points='%s' fill='none' stroke='%s' stroke-width='%.1f'/>", points, colour, width);
	}

	Svg text(double x, double y, String anchor, String text) {
		return add("<text x='%.1f' y='%.1f' text-anchor='%s'>%s</text>", x, y, anchor, escape(text));
	}

	Svg title(double x, double y, String text) {
		return add("<text x='%.1f' y='%.1f' font-weight='bold'>%s</text>", x, y, escape(text));
	}

	private Svg add(String format, Object... values) {
		this.body.append(String.format(Locale.ROOT, format, values)).append('\n');
		return this;
	}

	private static String escape(String text) {
		return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
	}

	String document(double width, double height) {
		return String.format(Locale.ROOT, """
				<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %.0f %.0f' width='%.0f' height='%.0f' \
				font-family='sans-serif' font-size='12' fill='%s'>
				<rect width='100%%' height='100%%' fill='#ffffff'/>
				%s</svg>
				""", width, height, width, height, INK, this.body);
	}

}
