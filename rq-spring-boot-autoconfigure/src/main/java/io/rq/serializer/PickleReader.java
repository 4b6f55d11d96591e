package io.rq.serializer;

import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import io.rq.serializer.PickleCollection.Kind;

/**
 * Reads the plain values of a pickle: {@code null}, {@code Boolean}, {@code Long},
 * {@code BigInteger}, {@code Double}, {@code String}, {@code byte[]} and
 * {@link PickleCollection}s of them. Does not do what else pickles can ask for: an opcode
 * that is not on the list of {@link PickleOpcode} ends the reading.
 */
final class PickleReader {

	private static final int NEWEST_PROTOCOL = 5;

	private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.]{1,100}");

	/** One byte can make a collection that takes forty. */
	private static final int MOST_OBJECTS = 1_000_000;

	private final PickleInput input;

	private final PickleStack stack;

	private int objects;

	private PickleReader(byte[] pickle) {
		this.input = new PickleInput(pickle);
		this.stack = new PickleStack(pickle.length);
	}

	/**
	 * Reads a pickle.
	 * @throws JobSerializationException if it is none, or not of plain values; the
	 * message begins in the middle of a sentence
	 */
	static @Nullable Object read(byte[] pickle) {
		return new PickleReader(pickle).read();
	}

	private @Nullable Object read() {
		PickleOpcode opcode = next();
		while (opcode != PickleOpcode.STOP) {
			apply(opcode);
			opcode = next();
		}
		if (!this.stack.isAlone() || this.input.remaining() > 0) {
			throw new JobSerializationException("the pickle is not one value", null);
		}
		return this.stack.pop();
	}

	private PickleOpcode next() {
		int position = this.input.position();
		int code = this.input.unsigned1();
		PickleOpcode opcode = PickleOpcode.find(code);
		if (opcode == null) {
			throw new JobSerializationException(
					"it is no pickle: there is no opcode " + code + ", which is at position " + position, null);
		}
		if (opcode.refusal() != null) {
			throw new JobSerializationException("the pickle has the opcode " + opcode + named(opcode) + " at position "
					+ position + ", " + opcode.refusal() + ". Only plain values are read: None, booleans, numbers, "
					+ "texts, bytes, and lists, tuples, sets and dicts of them", null);
		}
		return opcode;
	}

	private String named(PickleOpcode opcode) {
		if (opcode == PickleOpcode.STACK_GLOBAL && this.stack.peek(1) instanceof String module
				&& this.stack.peek(0) instanceof String name) {
			String path = module + "." + name;
			return NAME.matcher(path).matches() ? " (" + path + ")" : "";
		}
		return "";
	}

	private void apply(PickleOpcode opcode) {
		switch (opcode) {
			case PROTO -> requireKnownProtocol();
			case FRAME -> this.input.require(this.input.unsigned8());
			case NONE -> this.stack.push(null);
			case NEWTRUE -> this.stack.push(true);
			case NEWFALSE -> this.stack.push(false);
			case INT -> this.stack.push(PickleNumbers.integer(this.input.line()));
			case LONG -> this.stack.push(PickleNumbers.longInteger(this.input.line()));
			case BININT -> this.stack.push((long) this.input.signed4());
			case BININT1 -> this.stack.push((long) this.input.unsigned1());
			case BININT2 -> this.stack.push((long) this.input.unsigned2());
			case LONG1 -> this.stack.push(PickleNumbers.longInteger(this.input, this.input.unsigned1()));
			case LONG4 -> this.stack.push(PickleNumbers.longInteger(this.input, this.input.unsigned4()));
			case FLOAT -> this.stack.push(PickleNumbers.fraction(this.input.line()));
			case BINFLOAT -> this.stack.push(this.input.bigEndianDouble());
			case UNICODE -> create(PickleText.unescape(this.input.line()));
			case SHORT_BINUNICODE -> create(this.input.text(this.input.unsigned1()));
			case BINUNICODE -> create(this.input.text(this.input.unsigned4()));
			case BINUNICODE8 -> create(this.input.text(this.input.unsigned8()));
			case SHORT_BINBYTES -> create(this.input.bytes(this.input.unsigned1()));
			case BINBYTES -> create(this.input.bytes(this.input.unsigned4()));
			case BINBYTES8, BYTEARRAY8 -> create(this.input.bytes(this.input.unsigned8()));
			case EMPTY_LIST -> create(PickleCollection.empty(Kind.LIST));
			case EMPTY_TUPLE -> create(PickleCollection.empty(Kind.TUPLE));
			case EMPTY_DICT -> create(PickleCollection.empty(Kind.DICT));
			case EMPTY_SET -> create(PickleCollection.empty(Kind.SET));
			case TUPLE1 -> create(new PickleCollection(Kind.TUPLE, this.stack.pop(1)));
			case TUPLE2 -> create(new PickleCollection(Kind.TUPLE, this.stack.pop(2)));
			case TUPLE3 -> create(new PickleCollection(Kind.TUPLE, this.stack.pop(3)));
			case LIST -> create(new PickleCollection(Kind.LIST, this.stack.popToMark()));
			case TUPLE -> create(new PickleCollection(Kind.TUPLE, this.stack.popToMark()));
			case FROZENSET -> create(new PickleCollection(Kind.FROZENSET, this.stack.popToMark()));
			case DICT -> create(new PickleCollection(Kind.DICT, requirePairs(this.stack.popToMark())));
			case APPEND -> add(this.stack.pop(1), Kind.LIST);
			case APPENDS -> add(this.stack.popToMark(), Kind.LIST);
			case ADDITEMS -> add(this.stack.popToMark(), Kind.SET);
			case SETITEM -> add(this.stack.pop(2), Kind.DICT);
			case SETITEMS -> add(requirePairs(this.stack.popToMark()), Kind.DICT);
			case MARK -> this.stack.mark();
			case POP -> this.stack.drop();
			case POP_MARK -> this.stack.popToMark();
			case DUP -> this.stack.push(this.stack.top());
			case PUT -> this.stack.memoize(PickleNumbers.index(this.input.line()));
			case BINPUT -> this.stack.memoize(this.input.unsigned1());
			case LONG_BINPUT -> this.stack.memoize(this.input.unsigned4());
			case MEMOIZE -> this.stack.memoize();
			case GET -> this.stack.push(this.stack.recall(PickleNumbers.index(this.input.line())));
			case BINGET -> this.stack.push(this.stack.recall(this.input.unsigned1()));
			case LONG_BINGET -> this.stack.push(this.stack.recall(this.input.unsigned4()));
			default -> throw new IllegalStateException("No case for " + opcode);
		}
	}

	private void requireKnownProtocol() {
		int protocol = this.input.unsigned1();
		if (protocol > NEWEST_PROTOCOL) {
			throw new JobSerializationException(
					"the pickle has protocol " + protocol + ", newer than " + NEWEST_PROTOCOL + ", the newest known",
					null);
		}
	}

	private void create(Object value) {
		if (++this.objects > MOST_OBJECTS) {
			throw new JobSerializationException(
					"the pickle has more than " + MOST_OBJECTS + " texts, lists, tuples, sets and dicts", null);
		}
		this.stack.push(value);
	}

	private void add(@Nullable Object[] items, Kind kind) {
		this.stack.collection(kind).add(items);
	}

	private static @Nullable Object[] requirePairs(@Nullable Object[] items) {
		if (items.length % 2 != 0) {
			throw new JobSerializationException("the pickle has a key of a dict without a value", null);
		}
		return items;
	}

}
