package io.rq.job;

import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Webhook}.
 */
class WebhookTests {

	private static final Webhook POST = Webhook.post("http://h/x");

	@Test
	void isWrittenAsRqWritesIt() {
		JobHooks hooks = JobHooks.NONE.withWebhooks(POST.header("A", "b").on(JobStatus.FINISHED));
		assertThat(hooks.webhooks()).isEqualTo("[{\"url\": \"http://h/x\", \"job_status\": \"finished\", "
				+ "\"method\": \"POST\", \"headers\": {\"A\": \"b\"}, \"timeout\": 10}]");
		assertThat(hooks
			.withWebhooks(Webhook.get("https://h/\u00e4?a=%22").on(JobStatus.FAILED).timeout(Duration.ofSeconds(3)))
			.webhooks())
			.endsWith("\"timeout\": 10}, {\"url\": \"https://h/\\u00e4?a=%22\", \"job_status\": \"failed\", "
					+ "\"method\": \"GET\", \"headers\": null, \"timeout\": 3}]");
		assertThat(JobHooks.NONE.withWebhooks()).isEqualTo(JobHooks.NONE);
	}

	@Test
	void belongsToARequestBesideCallbacks() {
		JobRequest request = JobRequest.of("f").onSuccess("a").webhooks(POST).webhooks(POST).onFailure("b");
		assertThat(request.options().hooks().webhooks()).isEqualTo("[" + POST.json() + ", " + POST.json() + "]");
		assertThat(request.options().hooks().onSuccess()).isEqualTo(Callback.of("a"));
		assertThat(request.options().hooks().onFailure()).isEqualTo(Callback.of("b"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "x", "ftp://h/x", "file:///etc/passwd", "http:///x", "http://a b/", "http://u:p@h/",
			"http://h/\r\nX: y", "mailto:a@b", "http://h:99999/", "jar:http://h/!/", "http://exa_mple/" })
	void anAddressThatCannotBeSentToIsRefused(String url) {
		assertThatIllegalArgumentException().isThrownBy(() -> Webhook.post(url))
			.withMessageContaining("The address of a webhook");
	}

	@ParameterizedTest
	@ValueSource(strings = { "Host", "HOST", "Content-Length", "Transfer-Encoding", "Connection", "a b", "a:", "",
			"a\r\nb" })
	void aHeaderOfTheSenderIsRefused(String name) {
		assertThatIllegalArgumentException().isThrownBy(() -> POST.header(name, "x")).withMessageContaining("header");
	}

	@ParameterizedTest
	@ValueSource(strings = { "a\r\nHost: other", "a\n", "\r", "\u00e4", "\u0000" })
	void aHeaderWithLineBreaksIsRefused(String value) {
		assertThatIllegalArgumentException().isThrownBy(() -> POST.header("X", value))
			.withMessageContaining("ASCII without line breaks");
	}

	@Test
	void whatCannotBeMeantIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> POST.on(JobStatus.STOPPED))
			.withMessageContaining("stopped");
		assertThatIllegalArgumentException().isThrownBy(() -> POST.timeout(Duration.ZERO));
		assertThatIllegalArgumentException().isThrownBy(() -> POST.timeout(Duration.ofHours(1)))
			.withMessageContaining("PT1H");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new Webhook("http://h/", JobStatus.FINISHED, "PUT", Map.of(), Duration.ofSeconds(1)))
			.withMessageContaining("'PUT'");
	}

}
