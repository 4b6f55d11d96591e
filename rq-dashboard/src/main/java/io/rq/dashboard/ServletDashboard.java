package io.rq.dashboard;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.util.ServletRequestPathUtils;

import io.rq.dashboard.Dashboard.Place;
import io.rq.dashboard.Dashboard.Visit;

/**
 * Serves the dashboard in applications with servlets.
 */
class ServletDashboard implements HttpRequestHandler {

	private final Dashboard dashboard;

	private final ServletGate gate;

	ServletDashboard(Dashboard dashboard, ServletGate gate) {
		this.dashboard = dashboard;
		this.gate = gate;
	}

	@Override
	public void handleRequest(HttpServletRequest request, HttpServletResponse response) throws IOException {
		Answer answer = answer(request);
		response.setStatus(answer.status());
		answer.headers().forEach(response::setHeader);
		if (answer.status() != HttpStatus.NOT_MODIFIED.value()) {
			response.setContentLength(answer.body().length);
			response.getOutputStream().write(answer.body());
		}
	}

	private Answer answer(HttpServletRequest request) throws IOException {
		Place place = this.dashboard
			.place(ServletRequestPathUtils.getParsedRequestPath(request).pathWithinApplication());
		try {
			Viewer viewer = this.gate.admit(request);
			HttpMethod method = HttpMethod.valueOf(request.getMethod());
			boolean reads = Visit.reads(method);
			return this.dashboard.answer(new Visit(method, place, new ServletServerHttpRequest(request).getHeaders(),
					reads ? query(request) : Map.of(), reads ? new byte[0] : body(request), viewer));
		}
		catch (RefusedException ex) {
			return this.dashboard.refused(place, ex);
		}
	}

	private static Map<String, String> query(HttpServletRequest request) {
		Map<String, String> query = new HashMap<>();
		request.getParameterMap().forEach((name, values) -> query.put(name, values[0]));
		return query;
	}

	private static byte[] body(HttpServletRequest request) throws IOException {
		byte[] body = request.getInputStream().readNBytes(Dashboard.LARGEST_BODY + 1);
		if (body.length > Dashboard.LARGEST_BODY) {
			throw RefusedException.tooLarge();
		}
		return body;
	}

}
