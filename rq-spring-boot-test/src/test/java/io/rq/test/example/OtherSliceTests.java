package io.rq.test.example;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Import;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

import io.rq.test.RqTestOperations;
import io.rq.test.autoconfigure.AutoConfigureRq;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AutoConfigureRq @AutoConfigureRq} beside another slice.
 */
@WebMvcTest(SignUpController.class)
@AutoConfigureRq
@Import({ MailJobs.class, Mailbox.class })
class OtherSliceTests {

	@Autowired
	private MockMvcTester http;

	@Autowired
	private RqTestOperations test;

	@Test
	void controllersEnqueueJobs() {
		assertThat(this.http.post().uri("/users").param("address", "ada@example.org")).hasStatusOk();
		assertThat(this.test).hasEnqueued(MailJobs::sendWelcome).withArguments("ada@example.org", 42L);
	}

}
