package io.rq.test;

import java.lang.module.ModuleDescriptor.Version;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link PythonRq}.
 */
@RedisTest
@RequiresPythonRq
class PythonRqTests {

	private final TestRedis redis;

	private final PythonRq python;

	PythonRqTests(TestRedis redis) {
		this.redis = redis;
		this.python = new PythonRq(redis).module("tasks", """
				def add(a, b):
				    return a + b
				""");
	}

	@AfterEach
	void close() {
		this.python.close();
	}

	@Test
	void scriptEnqueuesAndWorkerWorks() {
		String id = this.python.run(
				"""
						import os, sys
						from redis import Redis
						from rq import Queue
						from rq.serializers import JSONSerializer

						queue = Queue(sys.argv[1], connection=Redis.from_url(os.environ['REDIS_URL']), serializer=JSONSerializer)
						print(queue.enqueue('tasks.add', 1, b=2).id, end='')
						""",
				"mail");
		assertThat(this.redis.state().list("rq:queue:mail")).containsExactly(id);
		PythonRq.Worker worker = this.python.startWorker("--burst", "mail");
		worker.join();
		assertThat(this.redis.state().hash("rq:job:" + id)).as(worker.output()).containsEntry("status", "finished");
	}

	@Test
	void failingScriptFailsTheTestWithItsOutput() {
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> this.python.run("print('before'); raise ValueError('broken')"))
			.withMessageContainingAll("ended with 1", "before", "ValueError: broken");
	}

	@Test
	void missingPythonSkipsLocallyAndFailsOnTheBuildServer() {
		assertThat(RequiresPythonRqCondition.evaluate(false, false).isDisabled()).isTrue();
		assertThat(RequiresPythonRqCondition.evaluate(true, true).isDisabled()).isFalse();
		assertThatIllegalStateException().isThrownBy(() -> RequiresPythonRqCondition.evaluate(false, true))
			.withMessageContaining("python3-rq");
	}

	@Test
	void olderPythonRqSkipsWhatNeedsANewerOne() {
		assertThat(RequiresPythonRqCondition.evaluate("2.3", Version.parse("1.13.0")).isDisabled()).isTrue();
		assertThat(RequiresPythonRqCondition.evaluate("2.3", Version.parse("2.3.3")).isDisabled()).isFalse();
		assertThat(RequiresPythonRqCondition.evaluate("2.3", Version.parse("2.12.0")).isDisabled()).isFalse();
		assertThat(RequiresPythonRqCondition.evaluate("", PythonRq.version()).isDisabled()).isFalse();
	}

}
