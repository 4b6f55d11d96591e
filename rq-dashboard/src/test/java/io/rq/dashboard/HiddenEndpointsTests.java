package io.rq.dashboard;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.ConfigurableApplicationContext;

import io.rq.dashboard.ManagementPortTests.Kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for a dashboard whose path is that of an endpoint.
 */
class HiddenEndpointsTests {

	private static final String EXPOSED = "management.endpoints.web.exposure.include=rq,health";

	private static final String WITHOUT_BASE = "management.endpoints.web.base-path=/";

	private static final String OWN_PORT = "management.server.port=0";

	private static void assertThatItIsRefused(Kind kind, String endpoint, String... properties) {
		assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class)
			.isThrownBy(() -> kind.start(properties).close())
			.satisfies((ex) -> assertThat(ex.getName()).isEqualTo("rq.dashboard.path"))
			.satisfies((ex) -> assertThat(ex.getReason()).contains("[" + endpoint + "]"));
	}

	@ParameterizedTest
	@EnumSource
	void endpointOnTheSamePortIsNotHidden(Kind kind) {
		assertThatItIsRefused(kind, "/rq", EXPOSED, WITHOUT_BASE);
		assertThatItIsRefused(kind, "/rq", EXPOSED, WITHOUT_BASE, OWN_PORT, "rq.dashboard.on-management-port=true");
	}

	@ParameterizedTest
	@CsvSource({ "/actuator/rq, rq, /actuator/rq", "/actuator/jobs, jobs, /actuator/jobs",
			"/actuator, jobs, /actuator/jobs", "/actuator/health, rq, /actuator/health" })
	void pathsOfEndpointsAreThoseTheyAreMappedTo(String path, String mapped, String endpoint) {
		assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class)
			.isThrownBy(() -> Kind.SERVLET
				.start(EXPOSED, "management.endpoints.web.path-mapping.rq=" + mapped, "rq.dashboard.path=" + path)
				.close())
			.satisfies((ex) -> assertThat(ex.getReason()).contains(endpoint));
	}

	@Test
	void aReactivePortOfManagementServesTheDashboardToo() {
		assertThatItIsRefused(Kind.REACTIVE, "/rq", EXPOSED, WITHOUT_BASE, OWN_PORT);
	}

	@Test
	void endpointsElsewhereAreNotHidden() {
		try (ConfigurableApplicationContext application = Kind.SERVLET.start(EXPOSED, WITHOUT_BASE, OWN_PORT)) {
			assertThat(new Browser(Applications.managementPort(application), "", null).get("/rq").statusCode())
				.isEqualTo(200);
			assertThat(Applications.browser(application, null).get("/").statusCode()).isEqualTo(200);
		}
	}

	@Test
	void endpointsThatAreNotExposedAreNotHidden() {
		try (ConfigurableApplicationContext application = Kind.SERVLET.start(WITHOUT_BASE)) {
			assertThat(Applications.browser(application, null).get("/").statusCode()).isEqualTo(200);
		}
	}

}
