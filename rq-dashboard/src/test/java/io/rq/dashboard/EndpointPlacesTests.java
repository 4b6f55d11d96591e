package io.rq.dashboard;

import java.net.http.HttpResponse;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.context.ConfigurableApplicationContext;

import io.rq.dashboard.ManagementPortTests.Kind;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the endpoint {@code rq} wherever an application, servlet or reactive, has its
 * endpoints. It is tested here because here both kinds of servers are at hand.
 */
class EndpointPlacesTests {

	private static ConfigurableApplicationContext start(Kind kind, String... properties) {
		return kind.start(
				Stream
					.concat(Stream.of("management.endpoints.web.exposure.include=rq",
							"management.endpoint.rq.access=unrestricted"), Stream.of(properties))
					.toArray(String[]::new));
	}

	private static void assertThatItAnswers(Browser there) {
		HttpResponse<String> overview = there.get("/rq");
		assertThat(overview.statusCode()).isEqualTo(200);
		assertThat(overview.body()).contains("\"queues\"");
		assertThat(there.get("/rq/doctor").statusCode()).isEqualTo(200);
		assertThat(there.get("/rq/audit").statusCode()).isEqualTo(200);
		assertThat(there.get("/rq/job/none/explain").statusCode()).isEqualTo(200);
		assertThat(there.get("/rq/job/none").statusCode()).isEqualTo(404);
		HttpResponse<String> refused = there.post("/rq/all/suspend", "{\"seconds\": \"60\"}");
		assertThat(refused.statusCode()).isEqualTo(403);
		assertThat(refused.body()).contains("secure Actuator with Spring Security");
	}

	@ParameterizedTest
	@EnumSource
	void onTheApplicationsPort(Kind kind) {
		try (ConfigurableApplicationContext application = start(kind)) {
			assertThatItAnswers(new Browser(Applications.port(application), "/actuator", null));
		}
	}

	@ParameterizedTest
	@EnumSource
	void onAPortOfItsOwnUnderAnotherPath(Kind kind) {
		try (ConfigurableApplicationContext application = start(kind, "management.server.port=0",
				"management.server.base-path=/inside", "management.endpoints.web.base-path=/manage")) {
			assertThatItAnswers(new Browser(Applications.managementPort(application), "/inside/manage", null));
			Browser outside = new Browser(Applications.port(application), "/manage", null);
			assertThat(outside.get("/rq").statusCode()).isEqualTo(404);
		}
	}

	@ParameterizedTest
	@EnumSource
	void underTheContextPath(Kind kind) {
		try (ConfigurableApplicationContext application = start(kind, "server.servlet.context-path=/shop",
				"spring.webflux.base-path=/shop")) {
			assertThatItAnswers(new Browser(Applications.port(application), "/shop/actuator", null));
		}
	}

}
