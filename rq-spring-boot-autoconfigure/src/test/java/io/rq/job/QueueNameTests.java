package io.rq.job;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link QueueName}.
 */
class QueueNameTests {

	@Test
	void anOrdinaryNameIsReturned() {
		assertThat(QueueName.requireValid("mail:high")).isEqualTo("mail:high");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "a,b", "mail:intermediate" })
	void aNameThatRqCannotKeepIsRefused(String name) {
		assertThatIllegalArgumentException().isThrownBy(() -> QueueName.requireValid(name));
	}

}
