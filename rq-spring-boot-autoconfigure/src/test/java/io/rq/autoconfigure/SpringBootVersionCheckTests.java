package io.rq.autoconfigure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.core.io.support.SpringFactoriesLoader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link SpringBootVersionCheck}.
 */
class SpringBootVersionCheckTests {

	private static final String[] NAMES = { RqAutoConfiguration.class.getName() };

	private final AutoConfigurationMetadata metadata = mock();

	@Test
	void anOlderSpringBootIsNamed() {
		SpringBootVersionCheck check = new SpringBootVersionCheck("3.5.8");
		assertThatExceptionOfType(InvalidRqConfigurationException.class)
			.isThrownBy(() -> check.match(NAMES, this.metadata))
			.withMessageContaining("needs Spring Boot 4, but the application has 3.5.8")
			.satisfies((ex) -> assertThat(ex.getAction()).contains("Upgrade"));
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = { "4.0.0", "4.1.2", "10.0.0" })
	void othersPass(String version) {
		assertThat(new SpringBootVersionCheck(version).match(NAMES, this.metadata)).containsExactly(true);
	}

	@Test
	void springBootAsksItBeforeItLoadsAClass() {
		assertThat(SpringFactoriesLoader.forDefaultResourceLocation().load(AutoConfigurationImportFilter.class))
			.hasAtLeastOneElementOfType(SpringBootVersionCheck.class);
	}

}
