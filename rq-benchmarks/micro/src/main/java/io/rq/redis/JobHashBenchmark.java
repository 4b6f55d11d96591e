package io.rq.redis;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import tools.jackson.databind.json.JsonMapper;

import io.rq.job.Job;
import io.rq.job.JobOptions;
import io.rq.job.JobPayload;
import io.rq.job.JobRun;
import io.rq.job.JobStatus;
import io.rq.job.JobTimes;
import io.rq.serializer.JacksonJobSerializer;

/**
 * A job to the fields of its hash and back. In the package of what it measures, which is
 * not public.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class JobHashBenchmark {

	private final Job job = job();

	private final List<byte[]> hash = stored(this.job);

	private static Job job() {
		byte[] data = new JacksonJobSerializer(JsonMapper.builder().build())
			.writeCall("io.rq.benchmarks.rq.BenchJobs.count", List.of("x".repeat(50), 42), Map.of());
		JobOptions options = new JobOptions("io.rq.benchmarks.rq.BenchJobs.count('xxxxxxxxxx', 42)",
				Duration.ofSeconds(180), null, Duration.ofSeconds(500), Duration.ofDays(365), null, null);
		Instant now = Instant.now();
		return new Job(Job.newId(), "bench", JobStatus.QUEUED, options, new JobTimes(now, now, null, null, null),
				new JobRun(null, 0, 0, 0), new JobPayload(data, null));
	}

	private static List<byte[]> stored(Job job) {
		List<byte[]> fields = new ArrayList<>(JobHashWriter.write(job));
		for (String text : List.of("status", "queued", "enqueued_at", "2026-01-02T03:04:05.678901Z")) {
			fields.add(ScriptArguments.bytes(text));
		}
		return fields;
	}

	/**
	 * Measures the way to the hash.
	 * @return the fields
	 */
	@Benchmark
	public List<byte[]> write() {
		return JobHashWriter.write(this.job);
	}

	/**
	 * Measures the way back.
	 * @return the job
	 */
	@Benchmark
	public Job read() {
		return JobHashReader.read(this.job.id(), JobHashReader.fields(this.hash), Long.MAX_VALUE);
	}

}
