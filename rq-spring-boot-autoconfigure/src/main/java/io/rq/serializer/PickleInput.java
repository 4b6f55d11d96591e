package io.rq.serializer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The bytes of a pickle, read from the front.
 */
final class PickleInput {

	private final byte[] data;

	private final ByteBuffer bytes;

	PickleInput(byte[] data) {
		this.data = data;
		this.bytes = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
	}

	int position() {
		return this.bytes.position();
	}

	int remaining() {
		return this.bytes.remaining();
	}

	int length() {
		return this.data.length;
	}

	int unsigned1() {
		require(1);
		return Byte.toUnsignedInt(this.bytes.get());
	}

	int unsigned2() {
		require(2);
		return Short.toUnsignedInt(this.bytes.getShort());
	}

	int signed4() {
		require(4);
		return this.bytes.getInt();
	}

	long unsigned4() {
		return Integer.toUnsignedLong(signed4());
	}

	/** A length; more than any array has is more than is left. */
	long unsigned8() {
		require(8);
		long value = this.bytes.getLong();
		return (value >= 0) ? value : Long.MAX_VALUE;
	}

	double bigEndianDouble() {
		require(8);
		return Double.longBitsToDouble(Long.reverseBytes(this.bytes.getLong()));
	}

	byte[] bytes(long length) {
		int start = skip(length);
		return Arrays.copyOfRange(this.data, start, position());
	}

	String text(long length) {
		int start = skip(length);
		return PickleText.decode(this.data, start, position() - start);
	}

	/** The bytes up to the end of the line, one character each. */
	String line() {
		int start = position();
		int end = start;
		while (end < this.data.length && this.data[end] != '\n') {
			end++;
		}
		if (end == this.data.length) {
			throw truncated();
		}
		this.bytes.position(end + 1);
		return new String(this.data, start, end - start, StandardCharsets.ISO_8859_1);
	}

	int skip(long length) {
		require(length);
		int start = position();
		this.bytes.position(start + (int) length);
		return start;
	}

	/** Makes sure that there are so many bytes. */
	void require(long length) {
		if (length > remaining()) {
			throw truncated();
		}
	}

	private JobSerializationException truncated() {
		return new JobSerializationException("the pickle ends in the middle, after " + length() + " bytes", null);
	}

}
