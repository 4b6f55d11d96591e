package io.rq.dashboard;

import java.net.http.HttpResponse;

import com.jayway.jsonpath.JsonPath;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the dashboard of reactive applications that are set up otherwise. Each has to
 * be the only one: the first that ends takes the threads of all.
 */
class ReactiveDashboardSetUpTests {

	@Test
	void strategiesThatHideProxiesDoNotHideThemFromTheDashboard() {
		try (ConfigurableApplicationContext other = Applications
			.reactive("server.forward-headers-strategy=framework")) {
			Browser local = Applications.browser(other, null);
			assertThat(local.get("/api/overview").body()).contains("server.forward-headers-strategy");
			assertThat(local.get("/api/overview", "X-Forwarded-For", "127.0.0.1").statusCode()).isEqualTo(403);
		}
		try (ConfigurableApplicationContext other = Applications.reactive("server.forward-headers-strategy=native")) {
			Browser local = Applications.browser(other, null);
			assertThat(local.get("/api/overview").statusCode()).isEqualTo(200);
			assertThat(local.get("/api/overview", "X-Forwarded-For", "127.0.0.1").statusCode()).isEqualTo(403);
		}
	}

	@Test
	void pathAndBasePathAreFollowed() {
		try (ConfigurableApplicationContext other = Applications.reactive("spring.webflux.base-path=/shop",
				"rq.dashboard.path=/admin/jobs")) {
			Browser there = new Browser(Applications.port(other), "/shop/admin/jobs", null);
			assertThat(there.get("").headers().firstValue("Location")).hasValue("jobs/");
			assertThat(there.get("/").statusCode()).isEqualTo(200);
			assertThat(there.get("/api/overview").statusCode()).isEqualTo(200);
		}
	}

	@Test
	void redisAwayIsTold() {
		try (ConfigurableApplicationContext other = Applications.reactive("rq.embedded-redis.enabled=false",
				"spring.data.redis.url=redis://localhost:1")) {
			HttpResponse<String> answer = Applications.browser(other, null).get("/api/overview");
			assertThat(answer.statusCode()).isEqualTo(503);
			assertThat(JsonPath.<String>read(answer.body(), "$.detail")).startsWith("Redis cannot be asked");
		}
	}

}
