package io.rq.autoconfigure;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContextHolder;

import io.rq.annotation.RqJob;
import io.rq.autoconfigure.security.RqSecurityAutoConfiguration;
import io.rq.handler.JobContext;
import io.rq.interceptor.LocaleInterceptor;
import io.rq.interceptor.MdcInterceptor;
import io.rq.job.Job;
import io.rq.job.JobRequest;
import io.rq.job.JobStatus;
import io.rq.security.EnqueuedByInterceptor;
import io.rq.security.EnqueuedByResolver;
import io.rq.template.JobTemplate;
import io.rq.test.RedisTest;
import io.rq.test.TestRedis;
import io.rq.worker.WorkerContainer;

import static io.rq.test.TestStores.key;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what of a caller's context goes along with jobs.
 */
@RedisTest
class ContextTests {

	private static final Authentication ADA = new TestingAuthenticationToken("ada", "x", "ROLE_ADMIN");

	private final StringRedisTemplate redis;

	private final ApplicationContextRunner runner;

	ContextTests(TestRedis redis) {
		this.redis = new StringRedisTemplate(redis.connectionFactory());
		this.runner = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, JacksonAutoConfiguration.class,
					RqAutoConfiguration.class, RqSecurityAutoConfiguration.class))
			.withBean(Looking.class)
			.withPropertyValues("spring.data.redis.url=" + redis.url(), "rq.worker.queues=default");
	}

	@AfterEach
	void forget() {
		MDC.clear();
		LocaleContextHolder.resetLocaleContext();
		SecurityContextHolder.clearContext();
	}

	private static void user(Authentication user) {
		SecurityContextHolder.getContext().setAuthentication(user);
	}

	private static Seen look(ApplicationContext context) {
		return look(context, JobRequest.of("look"));
	}

	private static Seen look(ApplicationContext context, JobRequest request) {
		JobTemplate jobs = context.getBean(JobTemplate.class);
		awaitEnd(jobs, jobs.enqueue(request));
		return context.getBean(Looking.class).seen.get();
	}

	private static void awaitEnd(JobTemplate jobs, Job job) {
		Awaitility.await().until(() -> jobs.find(job.id()).orElseThrow().status() == JobStatus.FINISHED);
	}

	@Test
	void chosenKeysOfTheLoggingContextAndTheLocaleAreThereInTheRun() {
		this.runner.withPropertyValues("rq.context.mdc=tenant,request", "rq.context.locale=true").run((context) -> {
			MDC.put("tenant", "blue");
			MDC.put("secret", "x");
			LocaleContextHolder.setLocale(Locale.CANADA_FRENCH);
			Seen seen = look(context);
			assertThat(seen.mdc()).containsEntry("tenant", "blue")
				.doesNotContainKeys("secret", "request", "rq.enqueued-by");
			assertThat(seen.locale()).isEqualTo(Locale.CANADA_FRENCH);
			assertThat(seen.meta()).containsOnlyKeys(MdcInterceptor.META, LocaleInterceptor.META);
		});
	}

	@Test
	void whatAProducerAddsIsIgnored() {
		this.runner.withPropertyValues("rq.context.mdc[0]=tenant").run((context) -> {
			context.getBean(JobTemplate.class).setInterceptors(List.of());
			Map<String, Object> sent = Map.of("tenant", "blue", "level", "off", "request", 1);
			Seen seen = look(context, JobRequest.of("look").meta(Map.of("mdc", sent)));
			assertThat(seen.mdc()).containsEntry("tenant", "blue").doesNotContainKeys("level", "request");
		});
	}

	@Test
	void whatAProducerSendsIsEscapedAndCut() {
		this.runner.withPropertyValues("rq.context.mdc[0]=tenant", "rq.worker.auto-startup=false").run((context) -> {
			JobTemplate jobs = context.getBean(JobTemplate.class);
			jobs.setInterceptors(List.of());
			Job job = jobs.enqueue(JobRequest.of("look")
				.meta(Map.of("mdc", Map.of("tenant", "blue\nERROR"), "enqueued_by", "ada\u001b[31m")));
			this.redis.opsForHash().put(key("rq:job:" + job.id()), "origin", "x\n".repeat(200));
			context.getBean(WorkerContainer.class).start();
			Looking looking = context.getBean(Looking.class);
			Awaitility.await().until(() -> looking.seen.get() != null);
			Map<String, String> mdc = looking.seen.get().mdc();
			assertThat(mdc).containsEntry("tenant", "blue\\nERROR").containsEntry("rq.enqueued-by", "ada\\u001b[31m");
			assertThat(mdc.get("rq.queue")).startsWith("x\\nx\\n").doesNotContain("\n").endsWith("…");
		});
	}

	@Test
	void nothingGoesAlongByDefaultAndNothingIsInTheWay() {
		this.runner.run((context) -> {
			assertThat(context).doesNotHaveBean(MdcInterceptor.class).doesNotHaveBean(LocaleInterceptor.class);
			MDC.put("tenant", "blue");
			LocaleContextHolder.setLocale(Locale.CANADA_FRENCH);
			Seen seen = look(context);
			assertThat(seen.meta()).isEmpty();
			assertThat(seen.mdc()).doesNotContainKey("tenant");
		});
	}

	@Test
	void badMetaDataFailNoJobThatDoesNotLookAtThem() {
		this.runner
			.withPropertyValues("rq.context.mdc=tenant", "rq.context.locale=true", "rq.worker.auto-startup=false")
			.run((context) -> {
				JobTemplate jobs = context.getBean(JobTemplate.class);
				Job job = jobs.enqueue("blind");
				this.redis.opsForHash().put(key("rq:job:" + job.id()), "meta", "no JSON");
				context.getBean(WorkerContainer.class).start();
				awaitEnd(jobs, job);
			});
	}

	@Test
	void theNameOfTheUserGoesAlongAndGivesNoRight() {
		this.runner.run((context) -> {
			user(ADA);
			Seen seen = look(context);
			assertThat(seen.enqueuedBy()).isEqualTo("ada");
			assertThat(seen.mdc()).containsEntry("rq.enqueued-by", "ada");
			assertThat(seen.user()).isNull();
		});
	}

	@Test
	void nobodyAndAnonymousUsersHaveNoName() {
		this.runner.run((context) -> {
			assertThat(look(context).enqueuedBy()).isNull();
			user(new AnonymousAuthenticationToken("key", "anonymous", AuthorityUtils.createAuthorityList("ROLE_X")));
			assertThat(look(context).enqueuedBy()).isNull();
		});
	}

	@Test
	void anApplicationMayDecideAsWhomAJobRuns() {
		EnqueuedByResolver resolver = (name, context) -> new TestingAuthenticationToken("job of " + name, "x");
		this.runner.withBean(EnqueuedByResolver.class, () -> resolver).run((context) -> {
			user(ADA);
			assertThat(look(context).user()).isEqualTo("job of ada");
		});
	}

	@Test
	void theNameCanBeKeptHere() {
		this.runner.withPropertyValues("rq.context.user=false").run((context) -> {
			user(ADA);
			assertThat(look(context).enqueuedBy()).isNull();
		});
	}

	@Test
	void anApplicationWithoutSpringSecurityNeedsNone() {
		this.runner.withClassLoader(new FilteredClassLoader("org.springframework.security"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(EnqueuedByInterceptor.class));
	}

	/**
	 * What a job has seen.
	 */
	record Seen(Map<String, String> mdc, Locale locale, @Nullable String enqueuedBy, @Nullable String user,
			Map<String, @Nullable Object> meta) {

	}

	static class Looking {

		private final AtomicReference<Seen> seen = new AtomicReference<>();

		@RqJob(name = "look")
		void look(JobContext context) {
			Authentication user = SecurityContextHolder.getContext().getAuthentication();
			this.seen.set(new Seen(MDC.getCopyOfContextMap(), LocaleContextHolder.getLocale(), context.enqueuedBy(),
					(user != null) ? user.getName() : null, Map.copyOf(context.meta())));
		}

		@RqJob(name = "blind")
		void blind() {
		}

	}

}
