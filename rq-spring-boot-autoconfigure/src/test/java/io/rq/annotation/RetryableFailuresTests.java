package io.rq.annotation;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;

import org.junit.jupiter.api.Test;

import org.springframework.util.ReflectionUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RetryableFailures}.
 */
class RetryableFailuresTests {

	private static final FileNotFoundException SUBCLASS = new FileNotFoundException("gone");

	private static final UncheckedIOException CAUSED = new UncheckedIOException(SUBCLASS);

	private static RetryableFailures failures(String method) {
		RqJob annotation = RqJobMethod.findAnnotation(ReflectionUtils.findMethod(Jobs.class, method));
		assertThat(annotation).isNotNull();
		return RetryableFailures.of(annotation);
	}

	@Test
	void everythingIsRetryableUnlessSomethingIsSaid() {
		assertThat(failures("plain").match(new Error("any"))).isTrue();
	}

	@Test
	void includedClassesAreFoundAsSubclassesAndCauses() {
		RetryableFailures included = failures("included");
		assertThat(included.match(new IOException("no"))).isTrue();
		assertThat(included.match(SUBCLASS)).isTrue();
		assertThat(included.match(CAUSED)).isTrue();
		assertThat(included.match(new IllegalStateException("no"))).isFalse();
	}

	@Test
	void excludedClassesAreFoundAsSubclassesAndCauses() {
		RetryableFailures excluded = failures("excluded");
		assertThat(excluded.match(new IOException("no"))).isFalse();
		assertThat(excluded.match(SUBCLASS)).isFalse();
		assertThat(excluded.match(CAUSED)).isFalse();
		assertThat(excluded.match(new IllegalStateException("no"))).isTrue();
	}

	@Test
	void whatIsExcludedIsNotTriedAgainAlsoIfIncluded() {
		RetryableFailures both = failures("both");
		assertThat(both.match(new IOException("no"))).isTrue();
		assertThat(both.match(SUBCLASS)).isFalse();
		assertThat(both.match(CAUSED)).isFalse();
	}

	static class Jobs {

		@RqJob
		void plain() {
		}

		@RqJob(retryFor = IOException.class)
		void included() {
		}

		@RqJob(noRetryFor = IOException.class)
		void excluded() {
		}

		@RqJob(retryFor = { IOException.class, UncheckedIOException.class }, noRetryFor = FileNotFoundException.class)
		void both() {
		}

	}

}
