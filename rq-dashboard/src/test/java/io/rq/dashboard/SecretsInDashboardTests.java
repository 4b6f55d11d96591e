package io.rq.dashboard;

import java.net.http.HttpResponse;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import io.rq.annotation.RqJob;
import io.rq.job.JobRequest;
import io.rq.job.JobStatus;
import io.rq.job.Webhook;
import io.rq.operations.RqOperations;
import io.rq.template.JobTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Searches all that the dashboard answers for what jobs were given and what is kept
 * secret.
 */
@Timeout(120)
class SecretsInDashboardTests {

	private static final String SECRET = "hush";

	private static final String VALUE = "for-viewers";

	private static final String MESSAGE = "told-by-the-exception";

	@Test
	void valuesAreForViewersWhereJobsAreShownAndSecretsForNobody() {
		try (ConfigurableApplicationContext application = Applications.working(Jobs.class, "rq.webhooks.enabled=true",
				"rq.webhooks.secret=" + SECRET, "rq.webhooks.retries=0", "rq.webhooks.allowed=127.0.0.1")) {
			JobTemplate jobs = application.getBean(JobTemplate.class);
			jobs.enqueue(request("succeed", "good"));
			jobs.enqueue(request("fail", "bad"));
			Awaitility.await()
				.until(() -> jobs.find("good").orElseThrow().status() == JobStatus.FINISHED
						&& jobs.find("bad").orElseThrow().status() == JobStatus.FAILED
						&& application.getBean(RqOperations.class).failures().failed() == 3);
			SortedMap<String, String> all = answers(application, "admin");
			assertThat(all).hasSizeGreaterThan(20);
			assertThat(all.values()).noneMatch((answer) -> answer.contains(SECRET));
			// in lists as a part of the description
			assertThat(all).allSatisfy((path, answer) -> assertThat(answer.contains(VALUE)).as(path)
				.isEqualTo(path.matches("/jobs/(good|bad)|/queues/default/(finished|failed)")));
			assertThat(answers(application, "viewer").get("/jobs/bad")).contains(VALUE, MESSAGE).doesNotContain(SECRET);
			assertThat(answers(application, "nobody").values())
				.noneMatch((answer) -> answer.contains(VALUE) || answer.contains(MESSAGE) || answer.contains(SECRET));
		}
	}

	private static JobRequest request(String function, String id) {
		return JobRequest.of(function, VALUE).id(id).webhooks(webhook(JobStatus.FINISHED), webhook(JobStatus.FAILED));
	}

	private static Webhook webhook(JobStatus status) {
		return Webhook.post("http://127.0.0.1:1/" + SECRET + "?token=" + SECRET)
			.on(status)
			.header("Authorization", SECRET);
	}

	/** What is answered at each path that can be read, for both jobs. */
	private static SortedMap<String, String> answers(ConfigurableApplicationContext application, String user) {
		Browser browser = Applications.browser(application, user);
		Set<String> paths = JsonMapper.shared()
			.readTree(Objects.requireNonNull(new Pages().find("openapi.json")).body())
			.at("/paths")
			.properties()
			.stream()
			.filter((path) -> path.getValue().has("get"))
			.flatMap((path) -> Stream.of("good", "bad", "webhook")
				.flatMap((id) -> Stream.of("finished", "failed")
					.map((state) -> path.getKey()
						.replace("{queue}", id.equals("webhook") ? "rq-webhooks" : "default")
						.replace("{state}", state)
						.replace("{id}", id))))
			.collect(Collectors.toSet());
		SortedMap<String, String> answers = new TreeMap<>();
		for (String path : paths) {
			HttpResponse<String> answer = browser.get("/api" + path);
			answers.put(path, answer.body());
		}
		return answers;
	}

	@Configuration(proxyBeanMethods = false)
	static class Jobs {

		@RqJob(name = "succeed")
		String succeed(String value) {
			return value;
		}

		@RqJob(name = "fail")
		String fail(String value) {
			throw new IllegalStateException(MESSAGE);
		}

	}

}
