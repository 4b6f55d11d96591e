package io.rq.redis;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.zip.Adler32;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

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

	private static final ThreadLocal<Deflater> DEFLATER = ThreadLocal.withInitial(Deflater::new);

	private static final ThreadLocal<Inflater> INFLATER = ThreadLocal.withInitial(Inflater::new);

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
		Deflater deflater = DEFLATER.get();
		deflater.reset();
		deflater.setInput(bytes);
		deflater.finish();
		ByteArrayOutputStream out = new ByteArrayOutputStream(Math.max(64, bytes.length / 2));
		byte[] buffer = new byte[BUFFER_SIZE];
		while (!deflater.finished()) {
			out.write(buffer, 0, deflater.deflate(buffer));
		}
		return out.toByteArray();
	}

	/**
	 * Inflates a stream, or returns the bytes as they are when they are none, as RQ's
	 * readers do.
	 */
	static byte[] inflate(byte[] bytes) {
		Inflater inflater = INFLATER.get();
		inflater.reset();
		inflater.setInput(bytes);
		ByteArrayOutputStream out = new ByteArrayOutputStream(Math.max(64, bytes.length * 2));
		byte[] buffer = new byte[BUFFER_SIZE];
		try {
			while (!inflater.finished()) {
				int count = inflater.inflate(buffer);
				if (count == 0 && !inflater.finished()) {
					return bytes;
				}
				out.write(buffer, 0, count);
			}
		}
		catch (DataFormatException ex) {
			return bytes;
		}
		return out.toByteArray();
	}

}
