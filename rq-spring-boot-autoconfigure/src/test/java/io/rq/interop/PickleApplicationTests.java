package io.rq.interop;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.core.ParameterizedTypeReference;

import io.rq.annotation.RqJob;
import io.rq.handler.JobContext;
import io.rq.job.Job;
import io.rq.job.JobRequest;
import io.rq.job.JobStatus;
import io.rq.job.Retry;
import io.rq.template.JobTemplate;
import io.rq.test.RedisTest;
import io.rq.test.RequiresPythonRq;
import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests with Spring Boot applications beside an RQ that is as it was installed: nothing
 * there chooses a serializer, so all is pickled.
 */
@RedisTest
@RequiresPythonRq
class PickleApplicationTests extends AbstractApplicationWithPythonTests {

	private static final String PRELUDE = """
			import datetime
			queue = Queue('java', connection=connection)
			""";

	PickleApplicationTests(TestRedis redis) {
		super(redis, JavaJobs.class, PRELUDE, """
				from rq import get_current_job
				def add(a, b=0):
				    job = get_current_job()
				    job.meta['seen'] = [a, b]
				    job.save_meta()
				    return a + b
				def kinds(*args, **kwargs):
				    return args, sorted(kwargs), {1}, b'abc', {2: None}
				""");
	}

	private void run(String serializer, Consumer<JobTemplate> test) {
		run(this.application.withPropertyValues("rq.serializer=" + serializer),
				(context) -> test.accept(context.getBean(JobTemplate.class)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "pickle", "auto" })
	void javaWorksWhatAnUnchangedPythonEnqueues(String serializer) {
		run(serializer, (jobs) -> {
			List<String> ids = python("""
					print(queue.enqueue('mail.send', 1, b=[2], meta={'from': ('a', 1)}).id)
					print(queue.enqueue('mail.bytes', b'\\x00\\xff', {3}).id)
					print(queue.enqueue('mail.later').id)
					""");
			awaitStatus(jobs, JobStatus.FINISHED, ids.toArray(String[]::new));
			assertThat(python("""
					sent, received, later = [Job.fetch(id, connection) for id in '%s'.split()]
					print(sent.return_value())
					print(sent.meta)
					print(received.return_value(), later.return_value())
					""".formatted(String.join(" ", ids)))).containsExactly(
					"{'a': 1, 'b': [2], 'half': 0.5, 'none': None, 'text': 'ä'}",
					"{'from': ['a', 1], 'progress': 0.25}", "2 and [3] done");
			assertThat(jobs.result(ids.get(0), Object.class)).get().asString().contains("half=0.5", "text=ä");
			assertThat(jobs.results(ids.get(2)).get(1).returnValue()).startsWith(0x80, 4)
				.asString(StandardCharsets.ISO_8859_1)
				.contains("Unserializable return value");
		});
	}

	@Test
	void withAutoEachJobIsAnsweredInWhatItCameAndTheJobsOfJavaAreJson() {
		run("auto", (jobs) -> {
			List<String> ids = python("""
					print(queue.enqueue('mail.send', 1, b=[2], meta={'from': 'pickle'}).id)
					print(java.enqueue('mail.send', 1, b=[2], meta={'from': 'json'}).id)
					""");
			String own = jobs.enqueue(JobRequest.of("mail.send", 1, List.of(2)).meta(Map.of("from", "java"))).id();
			awaitStatus(jobs, JobStatus.FINISHED, ids.get(0), ids.get(1), own);
			assertThat(python("""
					for id, serializer in ('%s', None), ('%s', JSONSerializer), ('%s', JSONSerializer):
					    job = Job.fetch(id, connection, serializer)
					    print(job.return_value()['b'], job.meta)
					""".formatted(ids.get(0), ids.get(1), own))).containsExactly(
					"[2] {'from': 'pickle', 'progress': 0.25}", "[2] {'from': 'json', 'progress': 0.25}",
					"[2] {'from': 'java', 'progress': 0.25}");
		});
	}

	@Test
	void metaDataAreChangedFromOutsideInTheFormatOfTheJob() {
		run("auto", (jobs) -> {
			String id = python("print(Queue('idle', connection=connection).enqueue('mail.send', 1, []).id)").get(0);
			jobs.updateMeta(id, (meta) -> meta.put("a", 1));
			jobs.updateMeta(id, (meta) -> meta.put("b", List.of("c")));
			assertThat(jobs.meta(id)).containsEntry("a", 1);
			assertThat(python("print(Job.fetch('%s', connection).meta)".formatted(id)))
				.containsExactly("{'a': 1, 'b': ['c']}");
		});
	}

	@Test
	void whatIsNotPlainFailsAloneWithTheOpcodeAndTheNextJobRuns() {
		run("auto", (jobs) -> {
			List<String> ids = python("""
					print(queue.enqueue('mail.send', datetime.date(2026, 11, 23), []).id)
					print(queue.enqueue('mail.send', 1, []).id)
					""");
			awaitStatus(jobs, JobStatus.FAILED, ids.get(0));
			awaitStatus(jobs, JobStatus.FINISHED, ids.get(1));
			assertThat(jobs.results(ids.get(0)).get(0).exception()).contains("the opcode STACK_GLOBAL (datetime.date)",
					"Only plain values are read");
			assertThat(python("print(Job.fetch('%s', connection).args)".formatted(ids.get(0))))
				.containsExactly("(datetime.date(2026, 11, 23), [])");
		});
	}

	@Test
	void anUnchangedPythonWorksWhatJavaEnqueues() {
		run("pickle", (jobs) -> {
			Job sum = jobs.enqueue(JobRequest.of("tasks.add", 1)
				.kwargs(Map.of("b", 2))
				.meta(Map.of("from", List.of("java")))
				.queue("python"));
			Job soon = jobs.enqueue(JobRequest.of("tasks.add", 40, 2).queue("python").in(Duration.ofMillis(1_500)));
			Job kinds = jobs
				.enqueue(JobRequest.of("tasks.kinds", 1, List.of(2.5)).kwargs(Map.of("x", true)).queue("python"));
			this.python.startUnchangedWorker("--with-scheduler", "python");
			awaitStatus(jobs, JobStatus.FINISHED, sum.id(), soon.id(), kinds.id());
			assertThat(jobs.result(sum.id(), Integer.class)).contains(3);
			assertThat(jobs.result(soon.id(), Integer.class)).contains(42);
			assertThat(jobs.result(kinds.id(), new ParameterizedTypeReference<List<Object>>() {
			}).orElseThrow()).hasToString("[[1, [2.5]], [x], [1], YWJj, {2=null}]");
			assertThat(python("""
					job = Job.fetch('%s', connection)
					print(job.args, job.kwargs, job.meta)
					""".formatted(sum.id()))).containsExactly("(1,) {'b': 2} {'from': ['java'], 'seen': [1, 2]}");
		});
	}

	/**
	 * The functions that Python calls by their names.
	 */
	static class JavaJobs {

		private boolean asked;

		@RqJob(name = "mail.send", queue = "java")
		Map<String, Object> send(int a, List<Integer> b, JobContext context) {
			context.progress(0.25);
			Map<String, Object> result = new TreeMap<>(Map.of("a", a, "b", b, "half", 0.5, "text", "ä"));
			result.put("none", null);
			return result;
		}

		@RqJob(name = "mail.bytes", queue = "java")
		String bytes(byte[] bytes, Set<Integer> set) {
			return bytes.length + " and " + set;
		}

		@RqJob(name = "mail.later", queue = "java")
		synchronized Object later() {
			this.asked = !this.asked;
			return this.asked ? Retry.max(1) : "done";
		}

	}

}
