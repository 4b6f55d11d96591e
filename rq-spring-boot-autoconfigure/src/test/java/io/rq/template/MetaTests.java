package io.rq.template;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import org.springframework.core.task.SimpleAsyncTaskExecutor;

import io.rq.job.Job;
import io.rq.job.JobRequest;
import io.rq.serializer.JobSerializationException;
import io.rq.test.PythonRq;
import io.rq.test.RequiresPythonRq;
import io.rq.test.TestRedis;

import static io.rq.test.TestStores.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for meta data that are read and changed from outside of the job.
 */
class MetaTests extends AbstractControlTests {

	MetaTests(TestRedis redis) {
		super(redis);
	}

	@Test
	void metaDataAreReadByNameAndAsAType() {
		Job job = this.jobs.enqueue(JobRequest.of("f").meta(Map.of("stage", "half", "percent", 50)));
		assertThat(this.jobs.meta(job.id())).isEqualTo(Map.of("stage", "half", "percent", 50));
		assertThat(this.jobs.meta(job.id(), Progress.class)).contains(new Progress("half", 50));
		Job without = this.jobs.enqueue("f");
		assertThat(this.jobs.meta(without.id())).isEmpty();
		assertThat(this.jobs.meta(without.id(), Progress.class)).isEmpty();
		assertThat(this.jobs.meta("none")).isEmpty();
		assertThat(this.jobs.meta("none:of-this", Progress.class)).isEmpty();
	}

	@Test
	void metaDataAreChanged() {
		Job job = this.jobs.enqueue(JobRequest.of("f").meta(Map.of("a", 1, "b", 2)));
		assertThat(this.jobs.updateMeta(job.id(), (meta) -> {
			meta.put("c", List.of(3));
			meta.remove("a");
		})).isTrue();
		assertThat(this.jobs.meta(job.id())).isEqualTo(Map.of("b", 2, "c", List.of(3)));
		assertThat(this.jobs.updateMeta("none", (meta) -> meta.put("a", 1))).isFalse();
		assertThat(this.template.hasKey(key("rq:job:none"))).isFalse();
	}

	/** W26. */
	@Test
	void manyWhoChangeAtOnceLoseNothing() {
		Job job = this.jobs.enqueue("f");
		List<CompletableFuture<Void>> writers = IntStream.range(0, 4)
			.mapToObj((writer) -> CompletableFuture.runAsync(() -> {
				for (int i = 0; i < 50; i++) {
					String own = "writer-" + writer + "-" + i;
					this.jobs.updateMeta(job.id(), (meta) -> {
						meta.put(own, true);
						meta.merge("count", 1, (count, one) -> (Integer) count + 1);
					});
				}
			}, new SimpleAsyncTaskExecutor()))
			.toList();
		writers.forEach(CompletableFuture::join);
		assertThat(this.jobs.meta(job.id())).hasSize(201).containsEntry("count", 200);
	}

	@Test
	void whatCannotBeReadOrIsTooLargeChangesNothing() {
		Job job = this.jobs.enqueue("f");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.jobs.updateMeta(job.id(), (meta) -> meta.put("a", "x".repeat(10_000))))
			.withMessageContainingAll(job.id(), "rq.job.max-payload-size");
		assertThat(this.jobs.meta(job.id())).isEmpty();
		this.template.opsForHash().put(key("rq:job:" + job.id()), "meta", "\u0080\u0005}.");
		assertThatExceptionOfType(JobSerializationException.class)
			.isThrownBy(() -> this.jobs.updateMeta(job.id(), (meta) -> meta.put("a", 1)));
		assertThatExceptionOfType(JobSerializationException.class).isThrownBy(() -> this.jobs.meta(job.id()));
		this.template.opsForHash().put(key("rq:job:" + job.id()), "meta", "[1]");
		assertThatExceptionOfType(JobSerializationException.class).isThrownBy(() -> this.jobs.meta(job.id()));
		assertThat(this.template.opsForHash().get(key("rq:job:" + job.id()), "meta")).isEqualTo("[1]");
	}

	@Test
	@RequiresPythonRq
	void pythonReadsWhatJavaChangedAndTheOtherWayRound() {
		Job job = this.jobs.enqueue(JobRequest.of("f").meta(Map.of("java", 1)));
		this.jobs.updateMeta(job.id(), (meta) -> meta.put("more", "\u00e4"));
		try (PythonRq python = new PythonRq(this.redis)) {
			assertThat(python.run(
					"""
							import os, sys
							from redis import Redis
							from rq.job import Job
							from rq.serializers import JSONSerializer
							job = Job.fetch(sys.argv[1], connection=Redis.from_url(os.environ['REDIS_URL']), serializer=JSONSerializer)
							print(job.meta)
							job.meta['python'] = [2]
							job.save_meta()
							""",
					job.id()))
				.isEqualTo("{'java': 1, 'more': '\u00e4'}\n");
		}
		assertThat(this.jobs.meta(job.id())).isEqualTo(Map.of("java", 1, "more", "\u00e4", "python", List.of(2)));
	}

	record Progress(String stage, int percent) {

	}

}
