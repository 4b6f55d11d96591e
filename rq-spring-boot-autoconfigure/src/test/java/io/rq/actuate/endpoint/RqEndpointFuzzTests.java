package io.rq.actuate.endpoint;

import java.security.Principal;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import io.rq.autoconfigure.RqAutoConfiguration;
import io.rq.history.HistoryRange;
import io.rq.operations.JobFilter;
import io.rq.operations.Operation;
import io.rq.operations.RqOperations;
import io.rq.queue.JobCursor;
import io.rq.template.JobTemplate;
import io.rq.test.Fuzz;
import io.rq.test.RedisTest;
import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Throws damaged parameters at the endpoint. The dashboard and the command line ask the
 * same operations.
 */
@RedisTest
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class RqEndpointFuzzTests {

	private static final Set<Integer> STATUSES = Set.of(200, 400, 403, 404, 409, 422);

	private static final List<String> WORDS = List.of("default", "job", "job-1", "failures", "operations", "audit",
			"history", "queued", "failed", "explain", "stack", "requeue", "run-now", "reschedule", "run-again", "edit",
			"move", "cancel", "delete", "undo", "queue", "empty", "pause", "cron", "trigger", "24h",
			"1769860800.123456,job-1", "1769860800123-0", "2026-01-31T12:00:00Z", "[1, \"a\"]", "{\"k\": [true]}");

	private final Fuzz fuzz = new Fuzz();

	private String word() {
		return (this.fuzz.random().nextInt(3) > 0) ? this.fuzz.any(WORDS) : this.fuzz.damagedText(WORDS);
	}

	private @Nullable String wordOrNone() {
		return (this.fuzz.random().nextInt(3) > 0) ? null : word();
	}

	private @Nullable Boolean flag() {
		return this.fuzz.any(List.of(List.of(true), List.of(false), List.<Boolean>of()))
			.stream()
			.findFirst()
			.orElse(null);
	}

	/** None with which an answer of many entries takes more than any input may. */
	private int number() {
		return this.fuzz.any(List.of(0, 1, -1, 20, 100, 501, Integer.MAX_VALUE, Integer.MIN_VALUE));
	}

	@Test
	void everyParameterIsReadOrRefused() {
		this.fuzz.eachIsReadOrRefused(() -> this.fuzz.damagedText(WORDS), (text) -> {
			switch (this.fuzz.random().nextInt(4)) {
				case 0 -> HistoryRange.of(text);
				case 1 -> Operation.of(text);
				case 2 -> new JobFilter(text, text, text);
				default -> ArgumentTexts.read(text, "{}");
			}
		}, List.of(IllegalArgumentException.class));
	}

	@Test
	void everyCursorIsReadOrRefused() {
		List<String> cursors = List.of("1769860800.123456,job-1", "1769860800,a,b", "-1.5,~am9iLTE", "1769860800123-0");
		this.fuzz.eachIsReadOrRefused(() -> this.fuzz.damagedText(cursors), JobCursor::of,
				List.of(IllegalArgumentException.class));
	}

	@Test
	void everyRequestIsAnswered() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, JacksonAutoConfiguration.class,
					RqAutoConfiguration.class))
			.withPropertyValues("spring.data.redis.url=" + TestRedis.shared().url(), "rq.worker.enabled=false",
					"rq.operations.bulk.enabled=false")
			.run((context) -> {
				context.getBean(JobTemplate.class).enqueue("f");
				RqEndpointWebExtension endpoint = new RqEndpointWebExtension(context.getBean(RqOperations.class),
						new Values(Show.ALWAYS, List.of(), List.of()),
						List.of("ROLE_RQ_VIEWER", "ROLE_RQ_OPERATOR", "ROLE_RQ_ADMIN"));
				this.fuzz.eachIsReadOrRefused(() -> List.of(word(), word(), word()), (words) -> {
					WebEndpointResponse<Object> response = answer(endpoint, words.get(0), words.get(1), words.get(2));
					assertThat(STATUSES).contains(response.getStatus());
				}, List.of());
			});
	}

	private WebEndpointResponse<Object> answer(RqEndpointWebExtension endpoint, String one, String two, String three) {
		return switch (this.fuzz.random().nextInt(6)) {
			case 0 -> endpoint.read(new Admin(), one, wordOrNone(), number(), wordOrNone(), wordOrNone(), wordOrNone());
			case 1 -> endpoint.readOne(new Admin(), one, two, wordOrNone(), number(), wordOrNone(), wordOrNone(),
					wordOrNone());
			case 2 -> endpoint.readMore(new Admin(), one, two, three);
			case 3 -> endpoint.begin(new Admin(), "operations", one, two, three, wordOrNone(), wordOrNone(),
					wordOrNone(), wordOrNone(), wordOrNone(), List.of(word()), flag(), flag(), flag(), wordOrNone(),
					wordOrNone(), flag(), flag());
			case 4 -> endpoint.changeAll(new Admin(), "all", this.fuzz.any(List.of("suspend", "resume", one)),
					this.fuzz.any(List.of(0L, 1L, -1L, Long.MAX_VALUE, Long.MIN_VALUE)));
			default -> endpoint.changeOne(new Admin(), one, two, three, flag(), flag(), flag(), flag(), wordOrNone(),
					List.of(word()), wordOrNone(), wordOrNone(), wordOrNone(), wordOrNone());
		};
	}

	/**
	 * Someone who may do everything.
	 */
	private static final class Admin implements SecurityContext {

		@Override
		public Principal getPrincipal() {
			return () -> "ada";
		}

		@Override
		public boolean isUserInRole(String role) {
			return true;
		}

	}

}
