package io.rq.dashboard;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

import org.jspecify.annotations.Nullable;

/**
 * The static files.
 */
class Pages {

	private static final Pattern NAME = Pattern.compile("(?:[a-z]+/)?[a-z]+\\.(html|js|css|svg|json)");

	private static final Map<String, String> TYPES = Map.of("html", "text/html;charset=UTF-8", "js",
			"text/javascript;charset=UTF-8", "css", "text/css;charset=UTF-8", "svg", "image/svg+xml", "json",
			"application/json");

	private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/dist/";

	/** Files of libraries that are served beside our own. */
	private static final Map<String, String> LIBRARIES = Map.of("uplot.js", UPLOT + "uPlot.iife.min.js", "uplot.css",
			UPLOT + "uPlot.min.css");

	private final Map<String, Answer> files = new ConcurrentHashMap<>();

	/** The file of a name, {@code null} if there is none. */
	@Nullable Answer find(String name) {
		Answer known = this.files.get(name);
		if (known != null) {
			return known;
		}
		Matcher matcher = NAME.matcher(name);
		if (!matcher.matches()) {
			return null;
		}
		byte[] content = read(name);
		if (content == null) {
			return null;
		}
		CRC32C sum = new CRC32C();
		sum.update(content);
		Answer answer = new Answer(200, Map.of("Content-Type", TYPES.get(matcher.group(1)), "Cache-Control", "no-cache",
				"ETag", "\"" + HexFormat.of().toHexDigits(sum.getValue()) + "\""), content);
		this.files.put(name, answer);
		return answer;
	}

	private static byte @Nullable [] read(String name) {
		try (InputStream file = Pages.class.getResourceAsStream(LIBRARIES.getOrDefault(name, "page/" + name))) {
			return (file != null) ? file.readAllBytes() : null;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
