package io.rq.dashboard;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the dashboard on the port of the management endpoints.
 */
class ManagementPortTests {

	private static final String ON_MANAGEMENT_PORT = "rq.dashboard.on-management-port=true";

	private static final String OWN_PORT = "management.server.port=0";

	private static Browser onApplicationPort(ConfigurableApplicationContext application) {
		return Applications.browser(application, null);
	}

	private static Browser onManagementPort(ConfigurableApplicationContext application, String path) {
		return new Browser(Applications.managementPort(application), path, null);
	}

	@ParameterizedTest
	@EnumSource
	void managementPortServesItInsteadOfThatOfTheApplication(Kind kind) {
		try (ConfigurableApplicationContext application = kind.start(ON_MANAGEMENT_PORT, OWN_PORT)) {
			Browser there = onManagementPort(application, "/rq");
			assertThat(there.get("/").body()).contains("<html");
			assertThat(there.get("/api/overview").statusCode()).isEqualTo(200);
			assertThat(there.post("/api/suspend", "").statusCode()).isEqualTo(403);
			assertThat(onApplicationPort(application).get("/").statusCode()).isEqualTo(404);
		}
	}

	@ParameterizedTest
	@EnumSource
	void basePathOfManagementIsFollowed(Kind kind) {
		try (ConfigurableApplicationContext application = kind.start(ON_MANAGEMENT_PORT, OWN_PORT,
				"management.server.base-path=/inside")) {
			Browser there = onManagementPort(application, "/inside/rq");
			assertThat(there.get("").headers().firstValue("Location")).hasValue("rq/");
			assertThat(there.get("/api/overview").statusCode()).isEqualTo(200);
		}
	}

	@ParameterizedTest
	@EnumSource
	void portThatIsTheSameServesIt(Kind kind) {
		try (ConfigurableApplicationContext application = kind.start(ON_MANAGEMENT_PORT)) {
			assertThat(onApplicationPort(application).get("/api/overview").statusCode()).isEqualTo(200);
		}
	}

	@Test
	void managementPortDoesNotServeItUnasked() {
		try (ConfigurableApplicationContext application = Kind.SERVLET.start(OWN_PORT)) {
			assertThat(onApplicationPort(application).get("/api/overview").statusCode()).isEqualTo(200);
			assertThat(onManagementPort(application, "/rq").get("/").statusCode()).isEqualTo(404);
		}
	}

	@Test
	void springSecurityGuardsItThere() {
		try (ConfigurableApplicationContext application = Applications.secured(ON_MANAGEMENT_PORT, OWN_PORT)) {
			int port = Applications.managementPort(application);
			assertThat(new Browser(port, "/rq", null).get("/api/overview").statusCode()).isEqualTo(401);
			assertThat(new Browser(port, "/rq", "viewer").login().post("/api/suspend", "").statusCode()).isEqualTo(403);
			assertThat(new Browser(port, "/rq", "admin").login().post("/api/resume", "").statusCode()).isEqualTo(200);
		}
	}

	@Test
	void reactiveSpringSecurityGuardsItThere() {
		try (ConfigurableApplicationContext application = Applications.securedReactive(ON_MANAGEMENT_PORT, OWN_PORT)) {
			int port = Applications.managementPort(application);
			assertThat(new Browser(port, "/rq", null).get("/api/overview").statusCode()).isEqualTo(401);
			assertThat(new Browser(port, "/rq", "viewer").login().post("/api/suspend", "").statusCode()).isEqualTo(403);
			assertThat(new Browser(port, "/rq", "admin").login().post("/api/resume", "").statusCode()).isEqualTo(200);
		}
	}

	enum Kind {

		SERVLET {
			@Override
			ConfigurableApplicationContext start(String... properties) {
				return Applications.open(properties);
			}
		},

		REACTIVE {
			@Override
			ConfigurableApplicationContext start(String... properties) {
				return Applications.reactive(properties);
			}
		};

		abstract ConfigurableApplicationContext start(String... properties);

	}

}
