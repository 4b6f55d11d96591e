package io.rq.test.example;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.test.context.TestPropertySource;

import io.rq.test.autoconfigure.RqTest;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The properties of a test may stand in a file.
 */
@RqTest(properties = "rq.cron.enabled=false")
@Import(Mailbox.class)
@TestPropertySource(locations = "own.properties")
class OwnPropertiesTests {

	@Autowired
	private Environment environment;

	@Test
	void propertiesOfTheTestHaveTheLastWord() {
		assertThat(this.environment.getProperty("rq.key-prefix")).isEqualTo("from-a-file");
		assertThat(this.environment.getProperty("rq.outbox.enabled")).isEqualTo("true");
	}

	@Test
	void othersAreThoseOfTests() {
		assertThat(this.environment.getProperty("rq.cron.enabled")).isEqualTo("false");
		assertThat(this.environment.getProperty("rq.worker.auto-startup")).isEqualTo("false");
	}

}
