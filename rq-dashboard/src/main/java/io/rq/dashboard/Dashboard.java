package io.rq.dashboard;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.PathContainer;

/**
 * The dashboard, whatever kind of web server serves it.
 */
class Dashboard {

	/** Only the dashboard's own page sends it: others would need the browser's leave. */
	static final String OWN_HEADER = "X-RQ-Dashboard";

	static final int LARGEST_BODY = 1 << 20;

	private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
			+ "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

	private static final Map<String, String> HEADERS = Map.of("Content-Security-Policy", POLICY,
			"X-Content-Type-Options", "nosniff", "X-Frame-Options", "DENY", "Referrer-Policy", "no-referrer",
			"Cross-Origin-Resource-Policy", "same-origin");

	private final int depth;

	private final String name;

	private final DashboardApi api;

	private final Pages pages = new Pages();

	Dashboard(String path, DashboardApi api) {
		this.depth = (int) path.chars().filter((character) -> character == '/').count();
		this.name = path.substring(path.lastIndexOf('/') + 1);
		this.api = api;
	}

	/** Finds what is asked for by its path within the application. */
	Place place(PathContainer path) {
		List<String> segments = new ArrayList<>();
		boolean slash = false;
		for (PathContainer.Element element : path.elements()) {
			slash = !(element instanceof PathContainer.PathSegment);
			if (element instanceof PathContainer.PathSegment segment) {
				segments.add(segment.valueToMatch());
			}
		}
		return new Place(segments.subList(this.depth, segments.size()), slash);
	}

	Answer answer(Visit visit) {
		return finished(carriedOut(visit), visit.headers().getFirst(HttpHeaders.IF_NONE_MATCH));
	}

	/** What is answered to those who are not let in, or who send too much. */
	Answer refused(Place place, RefusedException refusal) {
		return finished(refusal(place, refusal), null);
	}

	private Answer carriedOut(Visit visit) {
		Place place = visit.place();
		try {
			if (!visit.reads()) {
				requireSameSite(visit.headers());
			}
			if (place.isApi()) {
				return this.api
					.answer(new Call(visit.method().name(), place.segments().subList(1, place.segments().size()),
							visit.query(), visit.body(), visit.viewer()));
			}
			if (!visit.reads()) {
				throw new RefusedException(HttpStatus.METHOD_NOT_ALLOWED, "Pages can only be read.");
			}
			return page(place);
		}
		catch (RefusedException ex) {
			return refusal(place, ex);
		}
		catch (IllegalArgumentException ex) {
			return Answer.problem(HttpStatus.BAD_REQUEST, "The path cannot be read.");
		}
	}

	private Answer page(Place place) {
		if (place.segments().isEmpty() && !place.slash()) {
			// relative, since a proxy may have taken a part of the path away
			return new Answer(HttpStatus.FOUND.value(), Map.of("Location", this.name + "/"), new byte[0]);
		}
		Answer page = this.pages.find(place.segments().isEmpty() ? "index.html" : String.join("/", place.segments()));
		if (page == null) {
			throw DashboardApi.unknown();
		}
		return page;
	}

	private static void requireSameSite(HttpHeaders headers) {
		String site = headers.getFirst("Sec-Fetch-Site");
		if (site != null && !site.equals("same-origin")) {
			throw new RefusedException(HttpStatus.FORBIDDEN, "The request comes from another site.");
		}
		if (headers.getFirst(OWN_HEADER) == null) {
			throw new RefusedException(HttpStatus.FORBIDDEN, "The request lacks the header " + OWN_HEADER + ".");
		}
	}

	private static Answer refusal(Place place, RefusedException refusal) {
		String detail = String.valueOf(refusal.getMessage());
		return place.isApi() ? Answer.problem(refusal.status(), detail) : Answer.text(refusal.status(), detail);
	}

	private static Answer finished(Answer answer, @Nullable String known) {
		Map<String, String> headers = new HashMap<>(HEADERS);
		headers.putAll(answer.headers());
		boolean unchanged = known != null && known.equals(answer.headers().get(HttpHeaders.ETAG));
		return unchanged ? new Answer(HttpStatus.NOT_MODIFIED.value(), headers, new byte[0])
				: new Answer(answer.status(), headers, answer.body());
	}

	/**
	 * What a request asks for.
	 *
	 * @param segments the segments of the path below that of the dashboard
	 * @param slash whether the path ends with a slash
	 */
	record Place(List<String> segments, boolean slash) {

		boolean isApi() {
			return !this.segments.isEmpty() && this.segments.get(0).equals("api");
		}

	}

	/**
	 * A request of someone who has been let in.
	 *
	 * @param method the HTTP method
	 * @param place what is asked for
	 * @param headers the headers
	 * @param query the parameters
	 * @param body the body
	 * @param viewer who asks
	 */
	record Visit(HttpMethod method, Place place, HttpHeaders headers, Map<String, String> query, byte[] body,
			Viewer viewer) {

		boolean reads() {
			return Visit.reads(this.method);
		}

		static boolean reads(HttpMethod method) {
			return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
		}

	}

}
