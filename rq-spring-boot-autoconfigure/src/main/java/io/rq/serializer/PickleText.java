package io.rq.serializer;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;

/**
 * Texts as Python encodes them in pickles. Unlike UTF-8 they may have halves of surrogate
 * pairs, three bytes each.
 */
final class PickleText {

	private PickleText() {
	}

	static String decode(byte[] data, int offset, int length) {
		CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
		ByteBuffer in = ByteBuffer.wrap(data, offset, length);
		CharBuffer out = CharBuffer.allocate(length);
		while (decoder.decode(in, out, true).isError()) {
			out.put(surrogate(in));
			decoder.reset();
		}
		return out.flip().toString();
	}

	private static char surrogate(ByteBuffer in) {
		if (in.remaining() >= 3) {
			int first = Byte.toUnsignedInt(in.get());
			int second = Byte.toUnsignedInt(in.get());
			int third = Byte.toUnsignedInt(in.get());
			if (first == 0xED && second >= 0xA0 && second <= 0xBF && third >= 0x80 && third <= 0xBF) {
				return (char) (0xD000 | (second & 0x3F) << 6 | third & 0x3F);
			}
		}
		throw new JobSerializationException("the pickle has a text that is not UTF-8", null);
	}

	static byte[] encode(String text) {
		if (text.codePoints().noneMatch(PickleText::isSurrogate)) {
			return text.getBytes(StandardCharsets.UTF_8);
		}
		ByteArrayOutputStream out = new ByteArrayOutputStream(3 * text.length());
		text.codePoints().forEach((point) -> {
			if (isSurrogate(point)) {
				out.write(0xED);
				out.write(0x80 | point >> 6 & 0x3F);
				out.write(0x80 | point & 0x3F);
			}
			else {
				out.writeBytes(Character.toString(point).getBytes(StandardCharsets.UTF_8));
			}
		});
		return out.toByteArray();
	}

	private static boolean isSurrogate(int point) {
		return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
	}

	/** Decodes {@code raw-unicode-escape}, the texts of the first protocol. */
	static String unescape(String line) {
		StringBuilder result = new StringBuilder(line.length());
		int i = 0;
		while (i < line.length()) {
			char c = line.charAt(i++);
			int digits = (c == '\\' && i < line.length()) ? digits(line.charAt(i)) : -1;
			if (digits > 0) {
				result.appendCodePoint(hexadecimal(line, i + 1, digits));
				i += 1 + digits;
			}
			else {
				result.append(c);
				if (digits == 0) {
					result.append(line.charAt(i++));
				}
			}
		}
		return result.toString();
	}

	private static int digits(char kind) {
		return (kind == 'u') ? 4 : (kind == 'U') ? 8 : 0;
	}

	private static int hexadecimal(String line, int start, int digits) {
		int value = 0;
		for (int i = start; i < start + digits; i++) {
			int digit = (i < line.length()) ? hexadecimal(line.charAt(i)) : -1;
			if (digit < 0 || value > Character.MAX_CODE_POINT >> 4) {
				throw new JobSerializationException("the pickle has a text with a wrong escape", null);
			}
			value = value << 4 | digit;
		}
		return value;
	}

	private static int hexadecimal(char c) {
		return (c < 0x80) ? Character.digit(c, 16) : -1;
	}

}
