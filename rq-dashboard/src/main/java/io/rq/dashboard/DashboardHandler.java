package io.rq.dashboard;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.http.HttpStatus;
import org.springframework.http.server.PathContainer;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.util.ServletRequestPathUtils;

/**
 * Serves the dashboard in applications with servlets.
 */
class DashboardHandler implements HttpRequestHandler {

	/** Only the dashboard's own page sends it: others would need the browser's leave. */
	static final String OWN_HEADER = "X-RQ-Dashboard";

	private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
			+ "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

	private static final Map<String, String> HEADERS = Map.of("Content-Security-Policy", POLICY,
			"X-Content-Type-Options", "nosniff", "X-Frame-Options", "DENY", "Referrer-Policy", "no-referrer",
			"Cross-Origin-Resource-Policy", "same-origin");

	private static final int LARGEST_BODY = 1 << 20;

	private final int depth;

	private final String name;

	private final Gate gate;

	private final DashboardApi api;

	private final Pages pages = new Pages();

	DashboardHandler(String path, Gate gate, DashboardApi api) {
		this.depth = (int) path.chars().filter((character) -> character == '/').count();
		this.name = path.substring(path.lastIndexOf('/') + 1);
		this.gate = gate;
		this.api = api;
	}

	@Override
	public void handleRequest(HttpServletRequest request, HttpServletResponse response) throws IOException {
		Path path = Path.of(request, this.depth);
		Answer answer = answer(request, path);
		HEADERS.forEach(response::setHeader);
		answer.headers().forEach(response::setHeader);
		String tag = answer.headers().get("ETag");
		if (tag != null && tag.equals(request.getHeader("If-None-Match"))) {
			response.setStatus(HttpStatus.NOT_MODIFIED.value());
			return;
		}
		response.setStatus(answer.status());
		response.setContentLength(answer.body().length);
		response.getOutputStream().write(answer.body());
	}

	private Answer answer(HttpServletRequest request, Path path) throws IOException {
		try {
			Viewer viewer = this.gate.admit(request);
			boolean reads = request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
			if (!reads) {
				requireSameSite(request);
			}
			if (path.isApi()) {
				return this.api.answer(new Call(request.getMethod(), path.segments().subList(1, path.segments().size()),
						reads ? query(request) : Map.of(), reads ? new byte[0] : body(request), viewer));
			}
			if (!reads) {
				throw new RefusedException(HttpStatus.METHOD_NOT_ALLOWED, "Pages can only be read.");
			}
			return page(path);
		}
		catch (RefusedException ex) {
			String detail = String.valueOf(ex.getMessage());
			return path.isApi() ? Answer.problem(ex.status(), detail) : Answer.text(ex.status(), detail);
		}
		catch (IllegalArgumentException ex) {
			return Answer.problem(HttpStatus.BAD_REQUEST, "The path cannot be read.");
		}
	}

	private Answer page(Path path) {
		if (path.segments().isEmpty() && !path.slash()) {
			// relative, since a proxy may have taken a part of the path away
			return new Answer(HttpStatus.FOUND.value(), Map.of("Location", this.name + "/"), new byte[0]);
		}
		Answer page = this.pages.find(path.segments().isEmpty() ? "index.html" : String.join("/", path.segments()));
		if (page == null) {
			throw DashboardApi.unknown();
		}
		return page;
	}

	private static void requireSameSite(HttpServletRequest request) {
		String site = request.getHeader("Sec-Fetch-Site");
		if (site != null && !site.equals("same-origin")) {
			throw new RefusedException(HttpStatus.FORBIDDEN, "The request comes from another site.");
		}
		if (request.getHeader(OWN_HEADER) == null) {
			throw new RefusedException(HttpStatus.FORBIDDEN, "The request lacks the header " + OWN_HEADER + ".");
		}
	}

	private static Map<String, String> query(HttpServletRequest request) {
		Map<String, String> query = new HashMap<>();
		request.getParameterMap().forEach((name, values) -> query.put(name, values[0]));
		return query;
	}

	private static byte[] body(HttpServletRequest request) throws IOException {
		byte[] body = request.getInputStream().readNBytes(LARGEST_BODY + 1);
		if (body.length > LARGEST_BODY) {
			throw new RefusedException(HttpStatus.CONTENT_TOO_LARGE, "The body is larger than a megabyte.");
		}
		return body;
	}

	/**
	 * A path below that of the dashboard.
	 *
	 * @param segments its segments
	 * @param slash whether it ends with a slash
	 */
	private record Path(List<String> segments, boolean slash) {

		static Path of(HttpServletRequest request, int depth) {
			List<String> segments = new ArrayList<>();
			boolean slash = false;
			for (PathContainer.Element element : ServletRequestPathUtils.getParsedRequestPath(request)
				.pathWithinApplication()
				.elements()) {
				slash = !(element instanceof PathContainer.PathSegment);
				if (element instanceof PathContainer.PathSegment segment) {
					segments.add(segment.valueToMatch());
				}
			}
			return new Path(segments.subList(depth, segments.size()), slash);
		}

		boolean isApi() {
			return !this.segments.isEmpty() && this.segments.get(0).equals("api");
		}

	}

}
