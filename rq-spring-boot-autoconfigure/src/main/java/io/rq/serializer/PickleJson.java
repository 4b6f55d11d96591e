package io.rq.serializer;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.Locale;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;

import io.rq.serializer.PickleCollection.Kind;

/**
 * Writes the values of a pickle as the JSON that Python would have written for them, so
 * that all that holds for JSON holds for them: tuples and sets are arrays, keys texts,
 * and bytes, which Python would refuse, Base64.
 */
final class PickleJson {

	/** As deep as Jackson reads. */
	private static final int MOST_DEPTH = 500;

	/** Without shared references JSON has at most six times the bytes of the pickle. */
	private static final int MOST_GROWTH = 8;

	/** Halves of surrogate pairs can only be written as escapes. */
	private static final JsonFactory FACTORY = JsonFactory.builder()
		.enable(JsonWriteFeature.ESCAPE_NON_ASCII)
		.disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
		.build();

	private final JsonGenerator json;

	private int depth;

	private PickleJson(JsonGenerator json) {
		this.json = json;
	}

	/**
	 * Turns a pickle into JSON.
	 * @param pickle the pickle
	 * @param maxSize how many bytes its values may take, unless it is itself that large
	 * @return the JSON
	 * @throws JobSerializationException if that cannot be; the message begins in the
	 * middle of a sentence
	 */
	static byte[] of(byte[] pickle, long maxSize) {
		Object value = PickleReader.read(pickle);
		BoundedOutput out = new BoundedOutput(pickle.length, Math.max(maxSize, (long) MOST_GROWTH * pickle.length));
		try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
			new PickleJson(json).write(value);
		}
		return out.toByteArray();
	}

	private void write(@Nullable Object value) {
		if (value == null) {
			this.json.writeNull();
		}
		else if (value instanceof PickleCollection collection) {
			writeCollection(collection);
		}
		else if (value instanceof String text) {
			this.json.writeString(text);
		}
		else if (value instanceof Long number) {
			this.json.writeNumber(number);
		}
		else if (value instanceof Double number) {
			this.json.writeNumber(number);
		}
		else if (value instanceof Boolean truth) {
			this.json.writeBoolean(truth);
		}
		else if (value instanceof BigInteger number) {
			this.json.writeNumber(number);
		}
		else {
			this.json.writeBinary((byte[]) value);
		}
	}

	private void writeCollection(PickleCollection collection) {
		if (!collection.enter()) {
			throw new JobSerializationException("the pickle has a " + describe(collection) + " that contains itself",
					null);
		}
		if (++this.depth > MOST_DEPTH) {
			throw new JobSerializationException("the pickle nests more than " + MOST_DEPTH + " lists and dicts", null);
		}
		if (collection.kind() == Kind.DICT) {
			writeDict(collection);
		}
		else {
			this.json.writeStartArray();
			for (int i = 0; i < collection.size(); i++) {
				write(collection.get(i));
			}
			this.json.writeEndArray();
		}
		this.depth--;
		collection.leave();
	}

	private void writeDict(PickleCollection dict) {
		this.json.writeStartObject();
		for (int i = 0; i < dict.size(); i += 2) {
			this.json.writeName(name(dict.get(i)));
			write(dict.get(i + 1));
		}
		this.json.writeEndObject();
	}

	private static String name(@Nullable Object key) {
		if (key instanceof PickleCollection collection) {
			throw notAKey(describe(collection));
		}
		if (key instanceof byte[]) {
			throw notAKey("bytes object");
		}
		return String.valueOf(key);
	}

	private static JobSerializationException notAKey(String kind) {
		return new JobSerializationException("the pickle has a dict with a " + kind
				+ " for a key: only texts, numbers, booleans and None can be keys", null);
	}

	private static String describe(PickleCollection collection) {
		return collection.kind().name().toLowerCase(Locale.ROOT);
	}

	/**
	 * Bytes up to a limit.
	 */
	private static final class BoundedOutput extends ByteArrayOutputStream {

		private final long limit;

		BoundedOutput(int size, long limit) {
			super(size);
			this.limit = limit;
		}

		@Override
		public synchronized void write(int b) {
			require(1);
			super.write(b);
		}

		@Override
		public synchronized void write(byte[] bytes, int offset, int length) {
			require(length);
			super.write(bytes, offset, length);
		}

		private void require(int more) {
			if (this.count + (long) more > this.limit) {
				throw new JobSerializationException("the pickle, by using the same values again and again, stands for "
						+ "more than " + this.limit + " bytes", null);
			}
		}

	}

}
