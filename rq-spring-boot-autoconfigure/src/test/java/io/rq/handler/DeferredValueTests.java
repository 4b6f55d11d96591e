package io.rq.handler;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link DeferredValue}.
 */
class DeferredValueTests {

	@Test
	@Timeout(30)
	void failuresThatWrapEachOtherEndTheWait() {
		CompletionException failure = new Wrapper();
		failure.initCause(new Wrapper().initCause(failure));
		assertThatExceptionOfType(CompletionException.class)
			.isThrownBy(() -> DeferredValue.await(CompletableFuture.failedFuture(failure)));
	}

	private static final class Wrapper extends CompletionException {

		private static final long serialVersionUID = 1L;

		Wrapper() {
			super("wraps");
		}

	}

}
