package io.rq.outbox;

import java.nio.charset.StandardCharsets;

import com.github.kagkarlsson.scheduler.serializer.Serializer;

/**
 * Puts the JSON of {@link WrittenJobs} into the database as it is, and leaves the data of
 * all other tasks to another serializer.
 */
public final class JsonTextSerializer implements Serializer {

	private final Serializer others;

	/**
	 * Creates a serializer.
	 * @param others for the data of other tasks
	 */
	public JsonTextSerializer(Serializer others) {
		this.others = others;
	}

	@Override
	public byte[] serialize(Object data) {
		return (data instanceof WrittenJobs jobs) ? jobs.json().getBytes(StandardCharsets.UTF_8)
				: this.others.serialize(data);
	}

	@Override
	public <T> T deserialize(Class<T> type, byte[] data) {
		return (type == WrittenJobs.class) ? type.cast(new WrittenJobs(new String(data, StandardCharsets.UTF_8)))
				: this.others.deserialize(type, data);
	}

}
