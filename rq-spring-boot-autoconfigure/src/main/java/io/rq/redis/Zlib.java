package io.rq.redis;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.zip.Adler32;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

import org.jspecify.annotations.Nullable;

/**
 * The zlib streams (RFC 1950) in which RQ keeps calls and stack traces (protocol §2).
 */
final class Zlib {

	private static final int BUFFER_SIZE = 1024;

	/**
	 * Up to here a stream is stored: compressing would cost more time than it saves
	 * bytes.
	 */
	private static final int MAX_STORED = 256;

	/** The header that Python's and Java's compressors write by default. */
	private static final short HEADER = 0x789c;

	private static final byte LAST_BLOCK_STORED = 1;

	private static final int STORED_OVERHEAD = 11;

	/**
	 * So many are kept for the next call, however many threads there are: each takes
	 * hundreds of kilobytes outside of the heap.
	 */
	private static final int KEPT = 2 * Runtime.getRuntime().availableProcessors();

	private static final Queue<Deflater> DEFLATERS = new ArrayBlockingQueue<>(KEPT);

	private static final Queue<Inflater> INFLATERS = new ArrayBlockingQueue<>(KEPT);

	private Zlib() {
	}

	/**
	 * Writes a stream, a short one without compressing it.
	 */
	static byte[] deflate(byte[] bytes) {
		return (bytes.length <= MAX_STORED) ? store(bytes) : compress(bytes);
	}

	/**
	 * Writes one stored block (RFC 1951, 3.2.4).
	 */
	private static byte[] store(byte[] bytes) {
		Adler32 checksum = new Adler32();
		checksum.update(bytes);
		return ByteBuffer.allocate(bytes.length + STORED_OVERHEAD)
			.putShort(HEADER)
			.put(LAST_BLOCK_STORED)
			.putShort(Short.reverseBytes((short) bytes.length))
			.putShort(Short.reverseBytes((short) ~bytes.length))
			.put(bytes)
			.putInt((int) checksum.getValue())
			.array();
	}

	private static byte[] compress(byte[] bytes) {
		Deflater kept = DEFLATERS.poll();
		Deflater deflater = (kept != null) ? kept : new Deflater();
		try {
			deflater.setInput(bytes);
			deflater.finish();
			ByteArrayOutputStream out = new ByteArrayOutputStream(Math.max(64, bytes.length / 2));
			byte[] buffer = new byte[BUFFER_SIZE];
			while (!deflater.finished()) {
				out.write(buffer, 0, deflater.deflate(buffer));
			}
			return out.toByteArray();
		}
		finally {
			deflater.reset();
			if (!DEFLATERS.offer(deflater)) {
				deflater.end();
			}
		}
	}

	/**
	 * Inflates a stream, or returns the bytes as they are when they are none, as RQ's
	 * readers do.
	 * @param max how long the result may be; no more than that is inflated
	 * @return the bytes, or {@code null} if they are more than that
	 */
	static byte @Nullable [] inflate(byte[] bytes, long max) {
		if (bytes.length > max + STORED_OVERHEAD) {
			return null;
		}
		Inflater kept = INFLATERS.poll();
		Inflater inflater = (kept != null) ? kept : new Inflater();
		try {
			return inflate(inflater, bytes, max);
		}
		finally {
			inflater.reset();
			if (!INFLATERS.offer(inflater)) {
				inflater.end();
			}
		}
	}

	private static byte @Nullable [] inflate(Inflater inflater, byte[] bytes, long max) {
		inflater.setInput(bytes);
		byte[] buffer = new byte[Math.max(64, Math.min(bytes.length, BUFFER_SIZE))];
		ByteArrayOutputStream out = new ByteArrayOutputStream(Math.max(buffer.length, bytes.length));
		try {
			while (!inflater.finished()) {
				int count = inflater.inflate(buffer);
				if (count == 0 && !inflater.finished()) {
					return (bytes.length <= max) ? bytes : null;
				}
				if (out.size() + count > max) {
					return null;
				}
				out.write(buffer, 0, count);
			}
		}
		catch (DataFormatException ex) {
			return (bytes.length <= max) ? bytes : null;
		}
		return out.toByteArray();
	}

}
