package io.rq.template;

import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.ParameterizedTypeReference;

import io.rq.interceptor.JobInterceptor;
import io.rq.job.Callback;
import io.rq.job.Dependency;
import io.rq.job.Job;
import io.rq.job.JobDefinition;
import io.rq.job.JobDefinitions;
import io.rq.job.JobHooks;
import io.rq.job.JobLinks;
import io.rq.job.JobMethod;
import io.rq.job.JobOptions;
import io.rq.job.JobParameter;
import io.rq.job.JobRequest;
import io.rq.job.JobResult;
import io.rq.job.JobStatus;
import io.rq.job.NewJob;
import io.rq.job.Retry;
import io.rq.serializer.JacksonJobSerializer;
import io.rq.serializer.JobSerializationException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link JobTemplate}.
 */
class JobTemplateTests {

	private static final Instant NOW = Instant.parse("2026-11-23T02:44:03.879673Z");

	private static final JobOptions DEFINED = new JobOptions(null, Duration.ofMinutes(5), null, Duration.ofHours(1),
			null, Retry.max(3).intervals(10, 60), null);

	private static final JobOptions DEFAULTS = JobOptions.NONE.withTimeout(Duration.ofSeconds(180));

	private static final long MAX_PAYLOAD = 10_000_000;

	private final RecordingStore store = new RecordingStore();

	private final JacksonJobSerializer serializer = new JacksonJobSerializer(JsonMapper.builder().build());

	private final KnownDefinitions definitions = new KnownDefinitions();

	private final JobTemplate jobs = new JobTemplate(this.store, this.store.watch, this.serializer, this.definitions,
			new TemplateOptions("default", DEFAULTS, MAX_PAYLOAD), Clock.fixed(NOW, ZoneOffset.UTC),
			this.store.awaited);

	@BeforeEach
	void define() {
		this.definitions.add("mail.welcome", "mail", DEFINED, "welcome");
		this.definitions.add("bill", null, JobOptions.NONE, "bill");
		this.definitions.add("none", null, JobOptions.NONE, "none");
	}

	@Test
	void aFunctionUnknownHereGetsTheDefaults() {
		Job job = this.jobs.enqueue("billing.tasks.invoice", 42, "x");
		NewJob stored = this.store.only();
		assertThat(stored.job()).isSameAs(job);
		assertThat(Job.isValidId(job.id())).isTrue();
		assertThat(job.queue()).isEqualTo("default");
		assertThat(job.status()).isEqualTo(JobStatus.CREATED);
		assertThat(job.createdAt()).isEqualTo(NOW);
		assertThat(data(job)).isEqualTo("[\"billing.tasks.invoice\",null,[42,\"x\"],{}]");
		assertThat(job.payload().meta()).isNull();
		assertThat(job.options()).isEqualTo(
				JobOptions.NONE.withTimeout(Duration.ofSeconds(180)).withDescription("billing.tasks.invoice(42, 'x')"));
		assertThat(stored).isEqualTo(new NewJob(job, false, false, false, null));
	}

	@Test
	void aMethodGetsItsNameQueueAndOptions() {
		Job job = this.jobs.enqueue(Functions::welcome, "ada@example.org", 42L);
		assertThat(job.queue()).isEqualTo("mail");
		assertThat(data(job)).isEqualTo("[\"mail.welcome\",null,[\"ada@example.org\",42],{}]");
		assertThat(job.options()).isEqualTo(DEFINED.withDescription("mail.welcome('ada@example.org', 42)"));
	}

	@Test
	void aMethodHasTheNameOfItsFunction() {
		JobMethod.Of2<Functions, String, Long> method = Functions::welcome;
		assertThat(this.jobs.functionName(method)).isEqualTo("mail.welcome");
	}

	@Test
	void varargsAreOneArgument() {
		this.definitions.add("many", null, JobOptions.NONE, "many");
		JobMethod.Of1<Functions, String[]> method = Functions::many;
		String data = "[\"many\",null,[[\"a\",\"b\"]],{}]";
		assertThat(data(this.jobs.enqueue(method, new String[] { "a", "b" }))).isEqualTo(data);
		assertThat(data(this.jobs.enqueue("many", List.of("a", "b")))).isEqualTo(data);
		assertThatIllegalArgumentException().isThrownBy(() -> this.jobs.enqueue("many", "a", "b"));
	}

	@Test
	void aFunctionKnownHereGetsTheSameByName() {
		Job job = this.jobs.enqueue("mail.welcome", "ada@example.org", 42);
		assertThat(job.queue()).isEqualTo("mail");
		assertThat(job.options().timeout()).isEqualTo(Duration.ofMinutes(5));
	}

	@Test
	void theRequestComesFirst() {
		Duration hour = Duration.ofHours(1);
		Job job = this.jobs.enqueue(JobRequest.of(Functions::welcome, "a", 1L)
			.queue("other")
			.id("my-id_1")
			.unique()
			.atFront()
			.description("text")
			.timeout(JobOptions.UNLIMITED)
			.ttl(hour)
			.resultTtl(Duration.ZERO)
			.failureTtl(hour)
			.retry(Retry.max(1))
			.meta(Map.of("k", "v"))
			.in(Duration.ofMillis(1500)));
		assertThat(job.id()).isEqualTo("my-id_1");
		assertThat(job.queue()).isEqualTo("other");
		assertThat(job.options())
			.isEqualTo(new JobOptions("text", JobOptions.UNLIMITED, hour, Duration.ZERO, hour, Retry.max(1), null));
		assertThat(job.payload().meta()).asString().isEqualTo("{\"k\":\"v\"}");
		assertThat(this.store.only())
			.isEqualTo(new NewJob(job, true, true, true, NewJob.Due.in(Duration.ofMillis(1500))));
	}

	@Test
	void aUniqueJobNeedsAnId() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.jobs.enqueue(JobRequest.of("f").unique()))
			.withMessageContaining("'id(…)'");
		assertThat(this.store.calls).isEmpty();
	}

	@Test
	void aCallbackIsNamedByItsMethodAndRefusedIfThatIsNone() {
		Job job = this.jobs.enqueue(JobRequest.of("f").onSuccess(Functions::told).onFailure("tasks.failed"));
		assertThat(job.options().hooks())
			.isEqualTo(new JobHooks(Callback.of("told"), Callback.of("tasks.failed"), null, null));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.jobs.enqueue(JobRequest.of("f").onSuccess(Functions::bill)))
			.withMessageContaining("bill is no callback");
		assertThat(this.store.calls).hasSize(1);
	}

	@Test
	void aJobThatWaitsForOthersKnowsThemAndGoesToTheFrontHoweverThatIsSaid() {
		this.jobs.enqueue(JobRequest.of(Functions::welcome, "a", 1L).dependsOn("p", "q").atFront());
		this.jobs.enqueue(JobRequest.of("f").dependsOn(Dependency.on("p").allowFailure().atFront()));
		this.jobs.enqueue(JobRequest.of("f").dependsOn("p"));
		List<NewJob> stored = this.store.calls.stream().map((call) -> call.get(0)).toList();
		assertThat(stored).extracting(NewJob::atFront).containsExactly(true, true, false);
		assertThat(stored).extracting((job) -> job.job().options().links())
			.containsExactly(new JobLinks(List.of("p", "q"), false, true, null),
					new JobLinks(List.of("p"), true, true, null), new JobLinks(List.of("p"), false, false, null));
	}

	@Test
	void jobsOfAGroupAreItsMembersAndWhatFollowsThemIsNot() {
		JobGroup group = this.jobs.group("import");
		assertThat(group.name()).isEqualTo("import");
		JobBatch batch = group.enqueueAll(List.of(JobRequest.of("f").id("a"), JobRequest.of("f").id("b")));
		batch.then(JobRequest.of("g"));
		batch.thenEvenAfterFailures(JobRequest.of("g").dependsOn("c"));
		Job one = group.enqueue(JobRequest.of("h").dependsOn("d"));
		assertThat(batch.jobs()).extracting(Job::id).containsExactly("a", "b");
		assertThat(batch.jobs()).extracting(Job::group).containsOnly("import");
		assertThat(one.options().links()).isEqualTo(new JobLinks(List.of("d"), false, false, "import"));
		assertThat(this.store.calls.subList(1, 3)).extracting((call) -> call.get(0).job().options().links())
			.containsExactly(new JobLinks(List.of("a", "b"), false, false, null),
					new JobLinks(List.of("c", "a", "b"), true, false, null));
		assertThatIllegalArgumentException().isThrownBy(() -> this.jobs.group(""));
	}

	@Test
	void malformedIdsHaveNoDependents() {
		assertThat(this.jobs.dependents("a b")).isEmpty();
	}

	@Test
	void defaultsAreWrittenWhereTheApplicationChangedThem() {
		JobOptions defaults = new JobOptions(null, Duration.ofSeconds(60), null, null, Duration.ofDays(1), null, null);
		JobTemplate other = new JobTemplate(this.store, this.store.watch, this.serializer, this.definitions,
				new TemplateOptions("low", defaults, MAX_PAYLOAD), Clock.systemUTC(), this.store.awaited);
		Job job = other.enqueue(Functions::bill, new Order("x", 1));
		assertThat(job.queue()).isEqualTo("low");
		assertThat(job.options().timeout()).isEqualTo(Duration.ofSeconds(60));
		assertThat(job.options().failureTtl()).isEqualTo(Duration.ofDays(1));
	}

	@Test
	void jobLargerThanAllowedIsRefusedBeforeAnythingIsWritten() {
		JobTemplate small = new JobTemplate(this.store, this.store.watch, this.serializer, this.definitions,
				new TemplateOptions("low", DEFAULTS, 1_000), Clock.systemUTC(), this.store.awaited);
		small.enqueue("f", "x".repeat(900));
		assertThatIllegalArgumentException().isThrownBy(() -> small.enqueue("f", "x".repeat(1_000)))
			.withMessageContainingAll("'f'", "rq.job.max-payload-size", "1000");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> small.enqueue(JobRequest.of("f", 1).meta(Map.of("m", "x".repeat(1_000)))));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> small.enqueueAll(List.of(JobRequest.of("g"), JobRequest.of("f", "x".repeat(1_000)))));
		assertThat(this.store.only().job().options().description()).startsWith("f(");
	}

	@Test
	void interceptorsSeeWhatIsCalledWhereAndMayChangeIt() {
		List<String> seen = new ArrayList<>();
		this.jobs.setInterceptors(List.of(new JobInterceptor() {
			@Override
			public List<Job> aroundEnqueue(List<JobRequest> requests, EnqueueInvocation invocation) {
				requests.forEach((request) -> seen.add(request.call().function() + "@" + request.target().queue()));
				return invocation.proceed(requests.stream().map((request) -> request.addMeta("by", "ada")).toList());
			}
		}));
		List<Job> jobs = this.jobs.enqueueAll(List.of(JobRequest.of(Functions::welcome, "a", 1L),
				JobRequest.of("f").queue("other").meta(Map.of("by", "bob")).addMeta("k", 1)));
		assertThat(seen).containsExactly("mail.welcome@mail", "f@other");
		assertThat(jobs).extracting(Job::queue).containsExactly("mail", "other");
		assertThat(jobs).extracting((job) -> new String(job.payload().meta(), StandardCharsets.UTF_8))
			.containsExactly("{\"by\":\"ada\"}", "{\"by\":\"ada\",\"k\":1}");
		assertThat(data(jobs.get(0))).isEqualTo("[\"mail.welcome\",null,[\"a\",1],{}]");
		assertThat(this.jobs.enqueueAll(List.of())).isEmpty();
		assertThat(seen).hasSize(2);
	}

	@Test
	void interceptorMayRefuseAllButNotOneSilently() {
		this.jobs.setInterceptors(List.of(new JobInterceptor() {
			@Override
			public List<Job> aroundEnqueue(List<JobRequest> requests, EnqueueInvocation invocation) {
				return invocation.proceed(requests.subList(1, requests.size()));
			}
		}));
		assertThatIllegalStateException()
			.isThrownBy(() -> this.jobs.enqueueAll(List.of(JobRequest.of("f"), JobRequest.of("g"))))
			.withMessageContainingAll("JobTemplateTests", "1 requests", "2 requests", "throw an exception");
		this.jobs.setInterceptors(List.of(new JobInterceptor() {
			@Override
			public List<Job> aroundEnqueue(List<JobRequest> requests, EnqueueInvocation invocation) {
				throw new UnsupportedOperationException("not today");
			}
		}));
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> this.jobs.enqueue("f"));
		assertThat(this.store.calls).isEmpty();
	}

	@Test
	void dueTimesGoWithTheJob() {
		this.jobs.enqueueIn(Duration.ofMinutes(10), Functions::welcome, "a", 1L);
		this.jobs.enqueueAt(NOW, Functions::none);
		this.jobs.enqueueIn(Duration.ZERO, "f", 1);
		this.jobs.enqueueAt(NOW, "f", 1);
		assertThat(this.store.calls).extracting((call) -> call.get(0).due())
			.containsExactly(NewJob.Due.in(Duration.ofMinutes(10)), NewJob.Due.at(NOW), NewJob.Due.in(Duration.ZERO),
					NewJob.Due.at(NOW));
	}

	@Test
	void zeroToSixArguments() {
		this.definitions.add("six", null, JobOptions.NONE, "six");
		assertThat(data(this.jobs.enqueue(Functions::none))).endsWith("[],{}]");
		assertThat(data(this.jobs.enqueue(Functions::six, 1, 2, 3, 4, 5, 6))).endsWith("[1,2,3,4,5,6],{}]");
	}

	@Test
	void whatTheWorkerSuppliesIsLeftOut() {
		this.definitions.add("supplied", null, JobOptions.NONE, "supplied");
		Job job = this.jobs.enqueue(Functions::supplied, "a", null, 2);
		assertThat(data(job)).isEqualTo("[\"supplied\",null,[\"a\",2],{}]");
		assertThat(job.description()).isEqualTo("supplied('a', 2)");
		assertThat(data(this.jobs.enqueue("supplied", "a", 2))).isEqualTo(data(job));
	}

	@Test
	void manyJobsGoInOneCall() {
		List<JobRequest> requests = IntStream.range(0, 2500)
			.mapToObj((i) -> JobRequest.of(Functions::welcome, "a", (long) i).id("job-" + i))
			.toList();
		List<Job> stored = this.jobs.enqueueAll(requests);
		assertThat(this.store.calls).singleElement().satisfies((call) -> assertThat(call).hasSize(2500));
		assertThat(stored).extracting(Job::id).startsWith("job-0", "job-1").endsWith("job-2499");
		assertThat(this.jobs.enqueueAll(List.of())).isEmpty();
		assertThat(this.store.calls).hasSize(1);
	}

	@Test
	void oneBadRequestStopsAllBeforeAnythingIsWritten() {
		List<JobRequest> requests = List.of(JobRequest.of("f"), JobRequest.of("mail.welcome"));
		assertThatIllegalArgumentException().isThrownBy(() -> this.jobs.enqueueAll(requests));
		assertThat(this.store.calls).isEmpty();
	}

	@Test
	void wrongArgumentsOfAFunctionKnownHereAreRefused() {
		refused(() -> this.jobs.enqueue("mail.welcome", "a"), "Argument 2 'id' of 'mail.welcome' must be long");
		refused(() -> this.jobs.enqueue("mail.welcome", "a", 1, 2), "takes 2 arguments but the job has 3");
		refused(() -> this.jobs.enqueue("mail.welcome", "a", "b"), "Argument 2 'id'");
		refused(() -> this.jobs.enqueue("mail.welcome", "a", 1.5), "Argument 2 'id'");
		refused(() -> this.jobs.enqueue("mail.welcome", "a", null), "Argument 2 'id'");
		refused(() -> this.jobs.enqueue(JobRequest.of("mail.welcome", "a").kwargs(Map.of("idd", 1))),
				"no parameter 'idd'");
		refused(() -> this.jobs.enqueue("bill", Map.of("sku", "x", "count", "secret")), "Argument 1 'order' of 'bill'");
	}

	@Test
	void argumentsOfOtherTypesThatBindAreTaken() {
		this.jobs.enqueue("bill", Map.of("sku", "x", "count", 2));
		this.jobs.enqueue(JobRequest.of("mail.welcome", "a").kwargs(Map.of("id", 1)));
		this.jobs.enqueue("mail.welcome", null, (short) 1);
		assertThat(this.store.calls).hasSize(3);
	}

	@Test
	void whatCannotBeSerializedIsRefused() {
		assertThatExceptionOfType(JobSerializationException.class)
			.isThrownBy(() -> this.jobs.enqueue("f", new Object()));
		assertThatExceptionOfType(JobSerializationException.class)
			.isThrownBy(() -> this.jobs.enqueue(JobRequest.of("f").meta(Map.of("k", new Object()))));
		assertThat(this.store.calls).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "a,b", "mail:intermediate" })
	void malformedQueueNamesAreRefused(String queue) {
		refused(() -> this.jobs.enqueue(JobRequest.of("f").queue(queue)), queue);
		assertThatIllegalArgumentException().isThrownBy(() -> this.jobs.count(queue));
	}

	@Test
	void aMethodThatIsNoJobIsRefused() {
		refused(() -> this.jobs.enqueue(Functions::six, 1, 2, 3, 4, 5, 6), "six");
		refused(() -> this.jobs.enqueue((Functions functions) -> functions.none()), "method reference");
	}

	@Test
	void findsJobs() {
		Job job = this.jobs.enqueue("f");
		assertThat(this.jobs.find(job.id())).contains(job);
		assertThat(this.jobs.find("other")).isEmpty();
		assertThat(this.jobs.find(job.id() + ":dependents")).isEmpty();
		assertThat(this.jobs.count("mail")).isEqualTo(4);
	}

	@Test
	void readsTheLatestSuccessfulResult() {
		this.store.results = List.of(result(JobResult.Type.FAILED, null), result(JobResult.Type.SUCCESSFUL, "[1,2]"),
				result(JobResult.Type.SUCCESSFUL, "[3]"));
		assertThat(this.jobs.result("id", new ParameterizedTypeReference<List<Long>>() {
		})).contains(List.of(1L, 2L));
		assertThat(this.jobs.result("id", int[].class)).contains(new int[] { 1, 2 });
		assertThat(this.jobs.results("id")).hasSize(3);
		assertThat(this.jobs.results("a:b")).isEmpty();
		assertThatExceptionOfType(JobSerializationException.class).isThrownBy(() -> this.jobs.result("id", int.class));
	}

	@Test
	void thereIsNoResultOfAJobThatReturnedNothing() {
		assertThat(this.jobs.result("id", String.class)).isEmpty();
		this.store.results = List.of(result(JobResult.Type.SUCCESSFUL, null), result(JobResult.Type.SUCCESSFUL, "1"));
		assertThat(this.jobs.result("id", String.class)).isEmpty();
		this.store.results = List.of(result(JobResult.Type.SUCCESSFUL, "7"));
		assertThat(this.jobs.result("id", int.class)).contains(7);
	}

	@Test
	void optionsNeedATimeout() {
		assertThatIllegalArgumentException().isThrownBy(() -> new TemplateOptions("q", JobOptions.NONE, MAX_PAYLOAD))
			.withMessageContaining("timeout");
		assertThatIllegalArgumentException().isThrownBy(() -> new TemplateOptions("a,b", DEFAULTS, MAX_PAYLOAD));
	}

	private void refused(Runnable call, String message) {
		assertThatIllegalArgumentException().isThrownBy(call::run)
			.withMessageContaining(message)
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("secret"));
		assertThat(this.store.calls).isEmpty();
	}

	private static JobResult result(JobResult.Type type, @Nullable String value) {
		byte[] bytes = (value != null) ? value.getBytes(StandardCharsets.UTF_8) : null;
		return new JobResult("1-0", type, NOW, new JobResult.Run("w", null, null, null), bytes, null);
	}

	private static String data(Job job) {
		return new String(job.payload().data(), StandardCharsets.UTF_8);
	}

	record Order(String sku, int count) {

	}

	static class Functions {

		String welcome(String address, long id) {
			return address + id;
		}

		void bill(Order order) {
		}

		void none() {
		}

		void many(String... names) {
		}

		void told(Job job, Order order) {
		}

		void supplied(String a, Thread supplied, int b) {
		}

		void six(int a, int b, int c, int d, int e, int f) {
		}

	}

	static class KnownDefinitions implements JobDefinitions {

		@Override
		public String callback(Class<?> type, Method method) {
			return method.getName().equals("told") ? "told" : JobDefinitions.super.callback(type, method);
		}

		private final Map<String, JobDefinition> byName = new HashMap<>();

		void add(String name, @Nullable String queue, JobOptions options, String methodName) {
			Method method = Arrays.stream(Functions.class.getDeclaredMethods())
				.filter((candidate) -> candidate.getName().equals(methodName))
				.findFirst()
				.orElseThrow();
			List<JobParameter> parameters = JobParameter.of(method, Functions.class)
				.filter((parameter) -> parameter.rawType() != Thread.class)
				.toList();
			this.byName.put(name, new JobDefinition(name, queue, options, method, parameters));
		}

		@Override
		public @Nullable JobDefinition find(String name) {
			return this.byName.get(name);
		}

		@Override
		public JobDefinition get(Class<?> type, Method method) {
			assertThat(type).isEqualTo(Functions.class);
			return Collections.unmodifiableCollection(this.byName.values())
				.stream()
				.filter((definition) -> definition.method().equals(method))
				.findFirst()
				.orElseThrow(() -> new IllegalArgumentException(method + " is no job"));
		}

	}

}
