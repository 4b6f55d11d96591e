package io.rq.log;

import org.junit.jupiter.api.Test;

import org.springframework.dao.PermissionDeniedDataAccessException;

import static org.assertj.core.api.Assertions.assertThat;

class FailureTextTests {

	@Test
	void innermostCauseIsTheRoot() {
		Exception root = new Exception("root");
		Exception middle = new Exception("middle", root);
		Exception failure = new Exception("outer", middle);
		assertThat(FailureText.causes(failure)).containsExactly(failure, middle, root);
		assertThat(FailureText.root(failure)).isSameAs(root);
		assertThat(FailureText.root(root)).isSameAs(root);
	}

	@Test
	void missingRightSaysMoreThanItsCause() {
		Exception right = new PermissionDeniedDataAccessException("no right", new Exception("NOPERM"));
		assertThat(FailureText.root(new Exception("outer", right))).isSameAs(right);
	}

	@Test
	void causesThatLeadBackAreFollowedOnce() {
		Exception failure = new Exception("one");
		Exception other = new Exception("two", failure);
		failure.initCause(other);
		assertThat(FailureText.causes(failure)).containsExactly(failure, other);
		assertThat(FailureText.root(failure)).isSameAs(other);
	}

	@Test
	void causesAreFollowedAsFarAsTheyAreTold() {
		Exception silent = new Exception("silent") {
			@Override
			public Throwable getCause() {
				throw new IllegalStateException("not told");
			}
		};
		Exception failure = new Exception("outer", silent);
		assertThat(FailureText.causes(failure)).containsExactly(failure, silent);
		assertThat(FailureText.root(failure)).isSameAs(silent);
	}

}
