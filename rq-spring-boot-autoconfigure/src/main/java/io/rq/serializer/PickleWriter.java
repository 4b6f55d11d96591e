package io.rq.serializer;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;

import tools.jackson.core.JsonParser;

/**
 * Writes what a text of JSON says as a pickle of protocol 4, which Python reads since
 * 3.4. Frames and the memo, which Python uses to be faster, are left out.
 */
final class PickleWriter {

	private static final int PROTOCOL = 4;

	private final JsonParser json;

	private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);

	private PickleWriter(JsonParser json) {
		this.json = json;
	}

	static byte[] value(JsonParser json) {
		return new PickleWriter(json).write(0);
	}

	/** Writes a call: its array and that of its positional arguments become tuples. */
	static byte[] call(JsonParser json) {
		return new PickleWriter(json).write(2);
	}

	private byte[] write(int tupleDepth) {
		put(PickleOpcode.PROTO);
		this.out.write(PROTOCOL);
		int depth = 0;
		do {
			switch (this.json.nextToken()) {
				case START_ARRAY -> {
					depth++;
					if (depth > tupleDepth) {
						put(PickleOpcode.EMPTY_LIST);
					}
					put(PickleOpcode.MARK);
				}
				case END_ARRAY -> {
					put((depth > tupleDepth) ? PickleOpcode.APPENDS : PickleOpcode.TUPLE);
					depth--;
				}
				case START_OBJECT -> {
					depth++;
					put(PickleOpcode.EMPTY_DICT);
					put(PickleOpcode.MARK);
				}
				case END_OBJECT -> {
					put(PickleOpcode.SETITEMS);
					depth--;
				}
				case PROPERTY_NAME, VALUE_STRING -> text(this.json.getString());
				case VALUE_NUMBER_INT -> integer();
				case VALUE_NUMBER_FLOAT -> fraction();
				case VALUE_TRUE -> put(PickleOpcode.NEWTRUE);
				case VALUE_FALSE -> put(PickleOpcode.NEWFALSE);
				case VALUE_NULL -> put(PickleOpcode.NONE);
				default -> throw new IllegalStateException("No case for " + this.json.currentToken());
			}
		}
		while (depth > 0);
		put(PickleOpcode.STOP);
		return this.out.toByteArray();
	}

	private void put(PickleOpcode opcode) {
		this.out.write(opcode.code());
	}

	private void put(int bytes, long value) {
		for (int i = 0; i < bytes; i++) {
			this.out.write((int) (value >> Byte.SIZE * i));
		}
	}

	private void text(String text) {
		byte[] bytes = PickleText.encode(text);
		if (bytes.length <= 0xFF) {
			put(PickleOpcode.SHORT_BINUNICODE);
			put(1, bytes.length);
		}
		else {
			put(PickleOpcode.BINUNICODE);
			put(4, bytes.length);
		}
		this.out.writeBytes(bytes);
	}

	private void integer() {
		BigInteger number = this.json.getBigIntegerValue();
		if (number.bitLength() < Integer.SIZE) {
			integer(number.intValue());
			return;
		}
		byte[] bytes = PickleNumbers.toLongInteger(number);
		if (bytes.length <= 0xFF) {
			put(PickleOpcode.LONG1);
			put(1, bytes.length);
		}
		else {
			put(PickleOpcode.LONG4);
			put(4, bytes.length);
		}
		this.out.writeBytes(bytes);
	}

	private void integer(int number) {
		if (number >= 0 && number <= 0xFF) {
			put(PickleOpcode.BININT1);
			put(1, number);
		}
		else if (number >= 0 && number <= 0xFFFF) {
			put(PickleOpcode.BININT2);
			put(2, number);
		}
		else {
			put(PickleOpcode.BININT);
			put(4, number);
		}
	}

	private void fraction() {
		double number = this.json.getDoubleValue();
		if (Double.isInfinite(number) && !this.json.getString().endsWith("y")) {
			throw new JobSerializationException("a number is larger than any float of Python", null);
		}
		put(PickleOpcode.BINFLOAT);
		put(8, Long.reverseBytes(Double.doubleToLongBits(number)));
	}

}
