package io.rq.autoconfigure;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;

/**
 * Says clearly that another generation of Spring Boot is needed, before a class is missed
 * that only this one has. Uses nothing that others lack.
 */
class SpringBootVersionCheck implements AutoConfigurationImportFilter {

	private static final int NEEDED = 4;

	private final @Nullable String version;

	SpringBootVersionCheck() {
		this(SpringBootVersion.getVersion());
	}

	SpringBootVersionCheck(@Nullable String version) {
		this.version = version;
	}

	@Override
	public boolean[] match(@Nullable String[] autoConfigurations, AutoConfigurationMetadata metadata) {
		if (this.version != null && this.version.indexOf('.') == 1 && this.version.charAt(0) < '0' + NEEDED) {
			throw new InvalidRqConfigurationException(
					"RQ for Spring Boot needs Spring Boot " + NEEDED + ", but the application has " + this.version
							+ ".",
					"Upgrade the application to Spring Boot " + NEEDED + ", or remove rq-spring-boot-starter.");
		}
		boolean[] all = new boolean[autoConfigurations.length];
		Arrays.fill(all, true);
		return all;
	}

}
