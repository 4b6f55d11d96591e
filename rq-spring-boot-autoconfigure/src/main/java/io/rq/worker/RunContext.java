package io.rq.worker;

import java.lang.reflect.Type;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

import io.rq.handler.JobContext;
import io.rq.job.Job;
import io.rq.redis.JobStore;
import io.rq.serializer.JobSerializationException;
import io.rq.serializer.JobSerializer;

/**
 * The surroundings of one run.
 */
final class RunContext implements JobContext {

	private final ActiveRun run;

	private final JobStore jobs;

	private final JobSerializer serializer;

	private @Nullable Map<String, @Nullable Object> meta;

	RunContext(ActiveRun run, JobStore jobs, JobSerializer serializer) {
		this.run = run;
		this.jobs = jobs;
		this.serializer = serializer;
	}

	@Override
	public Job job() {
		return this.run.job();
	}

	@Override
	public String executionId() {
		return this.run.execution().id();
	}

	@Override
	public int attempt() {
		return this.run.attempt();
	}

	@Override
	public Map<String, @Nullable Object> meta() {
		Map<String, @Nullable Object> current = this.meta;
		if (current == null) {
			current = readMeta();
			this.meta = current;
		}
		return current;
	}

	private Map<String, @Nullable Object> readMeta() {
		Map<String, @Nullable Object> result = new LinkedHashMap<>();
		byte[] bytes = job().payload().meta();
		if (bytes != null) {
			Object value = this.serializer.readValue(bytes, (Type) Map.class);
			if (!(value instanceof Map<?, ?> map)) {
				throw new JobSerializationException("Meta data of job '" + job().id() + "' is not an object", null);
			}
			map.forEach((name, item) -> result.put(String.valueOf(name), item));
		}
		return result;
	}

	@Override
	public void saveMeta() {
		this.jobs.saveMeta(job().queue(), job().id(), this.serializer.writeValue(meta()));
	}

	@Override
	public void progress(double fraction) {
		Assert.isTrue(fraction >= 0 && fraction <= 1, () -> "'fraction' must be from 0 to 1 but is " + fraction);
		meta().put("progress", fraction);
		saveMeta();
	}

	@Override
	public boolean isCancelled() {
		return this.run.isCancelled() || Thread.currentThread().isInterrupted();
	}

}
