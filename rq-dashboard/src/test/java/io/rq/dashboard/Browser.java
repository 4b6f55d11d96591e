package io.rq.dashboard;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

import com.jayway.jsonpath.JsonPath;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who looks at a dashboard, through HTTP.
 */
class Browser {

	static {
		// so that a test can say that it speaks to another host
		System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host");
	}

	private final HttpClient client = HttpClient.newBuilder().cookieHandler(new CookieManager()).build();

	private final String address;

	private final @Nullable String user;

	private String[] token = new String[0];

	Browser(int port, String path, @Nullable String user) {
		this.address = "http://localhost:" + port + path;
		this.user = user;
	}

	/** Gets the token that goes with every change. */
	Browser login() {
		String me = get("/api/me").body();
		this.token = new String[] { JsonPath.read(me, "$.csrf.header"), JsonPath.read(me, "$.csrf.token") };
		return this;
	}

	HttpResponse<String> get(String path, String... headers) {
		return send(request(path).GET(), headers);
	}

	/** Changes something as the dashboard's own page does. */
	HttpResponse<String> post(String path, String body, String... headers) {
		return send(request(path).POST(HttpRequest.BodyPublishers.ofString(body))
			.header("Content-Type", "application/json")
			.header("X-RQ-Dashboard", "1")
			.header("Sec-Fetch-Site", "same-origin"), headers);
	}

	HttpResponse<String> postBare(String path, String body, String... headers) {
		return send(request(path).POST(HttpRequest.BodyPublishers.ofString(body)), headers);
	}

	private HttpRequest.Builder request(String path) {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(this.address + path));
		if (this.user != null) {
			String credentials = this.user + ":secret";
			request.header("Authorization",
					"Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)));
		}
		if (this.token.length > 0) {
			request.headers(this.token);
		}
		return request;
	}

	private HttpResponse<String> send(HttpRequest.Builder request, String... headers) {
		if (headers.length > 0) {
			for (int i = 0; i < headers.length; i += 2) {
				request.setHeader(headers[i], headers[i + 1]);
			}
		}
		try {
			return this.client.send(request.build(), HttpResponse.BodyHandlers.ofString());
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

}
