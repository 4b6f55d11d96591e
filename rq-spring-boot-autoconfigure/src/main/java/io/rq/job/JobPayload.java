package io.rq.job;

import org.jspecify.annotations.Nullable;

/**
 * The serialized parts of a job, kept as bytes because only the serializer that wrote
 * them can tell what they mean.
 *
 * @param data the function call, uncompressed (protocol §2.1). Not copied; do not modify
 * @param meta the job's meta data, or {@code null} if there is none. Not copied; do not
 * modify
 */
@SuppressWarnings("ArrayRecordComponent")
public record JobPayload(byte[] data, byte @Nullable [] meta) {

	/**
	 * Returns how large the payload is.
	 * @return the number of bytes of call and meta data
	 */
	public long bytes() {
		return this.data.length + ((this.meta != null) ? this.meta.length : 0);
	}

}
