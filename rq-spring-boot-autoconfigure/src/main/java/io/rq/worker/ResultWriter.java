package io.rq.worker;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import io.rq.handler.ReturnType;
import io.rq.log.SafeLog;
import io.rq.serializer.JobSerializationException;
import io.rq.serializer.JobSerializer;
import io.rq.serializer.RoundTrip;

/**
 * Writes the results of jobs, and warns once per function if what is written would be
 * read as something else: the work is done then, and the job has not failed.
 */
final class ResultWriter {

	private static final SafeLog log = SafeLog.of(ResultWriter.class);

	/** Redis takes up to 512 MB, and a third is added by the way it is written there. */
	private static final int MAX_SIZE = 256 << 20;

	private final int maxSize;

	private final Set<String> told = ConcurrentHashMap.newKeySet();

	ResultWriter() {
		this(MAX_SIZE);
	}

	/** For tests, where results may be smaller. */
	ResultWriter(int maxSize) {
		this.maxSize = maxSize;
	}

	byte @Nullable [] write(ReturnedValue returned, JobSerializer serializer) {
		Object value = returned.value();
		if (value == null) {
			return null;
		}
		if (ReturnType.isNoData(value.getClass())) {
			throw new JobSerializationException("'" + returned.function() + "' returned " + value.getClass().getName()
					+ ", which can be neither waited for nor stored: return a value, a list or a future", null);
		}
		byte[] bytes = serializer.writeValue(value, returned.type());
		if (bytes.length > this.maxSize) {
			throw new JobSerializationException(
					"The result of '" + returned.function() + "' has " + bytes.length + " bytes, more than the "
							+ this.maxSize + " that can be kept: store it elsewhere and return where it is",
					null);
		}
		if (!RoundTrip.isPlain(value) && !this.told.contains(returned.function())) {
			check(returned, bytes, serializer);
		}
		return bytes;
	}

	private void check(ReturnedValue returned, byte[] bytes, JobSerializer serializer) {
		String difference;
		try {
			Object back = serializer.readValue(bytes, returned.type());
			difference = RoundTrip.difference(returned.type(), returned.value(), back);
		}
		catch (JobSerializationException ex) {
			return; // whoever reads it as this type is told
		}
		if (difference != null && this.told.add(returned.function())) {
			log.warn("A result of '{}' will not be read as it was returned: {}. Declare the type that is meant "
					+ "instead of {}", returned.function(), difference, returned.type().getTypeName());
		}
	}

}
