package io.rq.redis;

import java.io.ByteArrayOutputStream;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * The zlib streams (RFC 1950) in which RQ keeps calls and stack traces (protocol §2).
 */
final class Zlib {

	private static final int BUFFER_SIZE = 1024;

	private static final ThreadLocal<Deflater> DEFLATER = ThreadLocal.withInitial(Deflater::new);

	private static final ThreadLocal<Inflater> INFLATER = ThreadLocal.withInitial(Inflater::new);

	private Zlib() {
	}

	static byte[] deflate(byte[] bytes) {
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
				if (count == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
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
