package io.rq.worker;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.rq.job.Job;
import io.rq.redis.JobStore;
import io.rq.serializer.JobSerializer;
import io.rq.serializer.MetaData;

/**
 * The meta data of a job as its run sees and changes them. Others may change them at the
 * same time: what both have changed stays as the run wants it.
 */
final class RunMeta {

	private final Job job;

	private final JobSerializer serializer;

	private final JobSerializer answering;

	private final Map<String, @Nullable Object> values;

	/** What was stored when the values were last compared with it. */
	private byte @Nullable [] known;

	private byte @Nullable [] written;

	RunMeta(Job job, JobSerializer serializer) {
		this.job = job;
		this.serializer = serializer;
		this.answering = serializer.answering(job.payload().data());
		this.known = job.payload().meta();
		this.values = MetaData.read(serializer, this.known);
	}

	Map<String, @Nullable Object> values() {
		return this.values;
	}

	void save(JobStore jobs) {
		jobs.changeMeta(this.job.queue(), this.job.id(), this.known, this::write);
		this.known = this.written;
	}

	private byte @Nullable [] write(byte @Nullable [] stored) {
		byte[] bytes = MetaData.write(this.answering, this.values);
		if (!Arrays.equals(stored, this.known)) {
			adopt(stored, MetaData.read(this.serializer, bytes));
			this.known = stored;
			bytes = MetaData.write(this.answering, this.values);
		}
		this.written = bytes;
		return bytes;
	}

	/** Takes over what others have changed, unless the run has changed it too. */
	private void adopt(byte @Nullable [] stored, Map<String, @Nullable Object> own) {
		Map<String, @Nullable Object> before = MetaData.read(this.serializer, this.known);
		Map<String, @Nullable Object> theirs = MetaData.read(this.serializer, stored);
		Set<String> names = new HashSet<>(before.keySet());
		names.addAll(theirs.keySet());
		for (String name : names) {
			if (isSame(name, before, own) && !isSame(name, before, theirs)) {
				if (theirs.containsKey(name)) {
					this.values.put(name, theirs.get(name));
				}
				else {
					this.values.remove(name);
				}
			}
		}
	}

	private static boolean isSame(String name, Map<String, @Nullable Object> some,
			Map<String, @Nullable Object> others) {
		return some.containsKey(name) == others.containsKey(name) && Objects.equals(some.get(name), others.get(name));
	}

}
