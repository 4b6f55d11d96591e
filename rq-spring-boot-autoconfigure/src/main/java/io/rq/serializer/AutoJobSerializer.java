package io.rq.serializer;

import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.rq.job.JobParameter;

/**
 * Reads JSON and pickles, answers each job in what it came in and writes JSON else. No
 * text in UTF-8 begins with the byte with which every pickle since protocol 2 begins; RQ
 * has never written an older one.
 */
final class AutoJobSerializer implements JobSerializer {

	private final JobSerializer json;

	private final JobSerializer pickle;

	AutoJobSerializer(JobSerializer json, JobSerializer pickle) {
		this.json = json;
		this.pickle = pickle;
	}

	@Override
	public JobSerializer answering(byte[] data) {
		return SerializerFormat.isPickle(data) ? this.pickle : this.json;
	}

	@Override
	public byte[] writeCall(String function, List<? extends @Nullable Object> args,
			Map<String, ? extends @Nullable Object> kwargs) {
		return this.json.writeCall(function, args, kwargs);
	}

	@Override
	public byte[] writeCall(String function, List<JobParameter> parameters, List<? extends @Nullable Object> args,
			Map<String, ? extends @Nullable Object> kwargs) {
		return this.json.writeCall(function, parameters, args, kwargs);
	}

	@Override
	public SerializedCall readCall(byte[] data) {
		return answering(data).readCall(data);
	}

	@Override
	public byte[] writeValue(@Nullable Object value) {
		return this.json.writeValue(value);
	}

	@Override
	public byte[] writeValue(@Nullable Object value, Type type) {
		return this.json.writeValue(value, type);
	}

	@Override
	public @Nullable Object readValue(byte[] value, Type type) {
		return answering(value).readValue(value, type);
	}

}
