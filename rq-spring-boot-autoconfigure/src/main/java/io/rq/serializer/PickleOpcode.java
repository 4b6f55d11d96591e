package io.rq.serializer;

import org.jspecify.annotations.Nullable;

/**
 * The opcodes of Python's pickles, protocols 0 to 5, by the names that
 * {@code pickletools} gives them. What is not plain data has a reason why it is refused.
 */
enum PickleOpcode {

	MARK('('), STOP('.'), POP('0'), POP_MARK('1'), DUP('2'), FLOAT('F'), INT('I'), BININT('J'), BININT1('K'), LONG('L'),
	BININT2('M'), NONE('N'), UNICODE('V'), BINUNICODE('X'), APPEND('a'), DICT('d'), EMPTY_DICT('}'), APPENDS('e'),
	GET('g'), BINGET('h'), LONG_BINGET('j'), LIST('l'), EMPTY_LIST(']'), PUT('p'), BINPUT('q'), LONG_BINPUT('r'),
	SETITEM('s'), TUPLE('t'), EMPTY_TUPLE(')'), SETITEMS('u'), BINFLOAT('G'), BINBYTES('B'), SHORT_BINBYTES('C'),
	PROTO(0x80), TUPLE1(0x85), TUPLE2(0x86), TUPLE3(0x87), NEWTRUE(0x88), NEWFALSE(0x89), LONG1(0x8a), LONG4(0x8b),
	SHORT_BINUNICODE(0x8c), BINUNICODE8(0x8d), BINBYTES8(0x8e), EMPTY_SET(0x8f), ADDITEMS(0x90), FROZENSET(0x91),
	MEMOIZE(0x94), FRAME(0x95), BYTEARRAY8(0x96),

	PERSID('P', PickleOpcode.ACTS), BINPERSID('Q', PickleOpcode.ACTS), REDUCE('R', PickleOpcode.ACTS),
	BUILD('b', PickleOpcode.ACTS), GLOBAL('c', PickleOpcode.ACTS), INST('i', PickleOpcode.ACTS),
	OBJ('o', PickleOpcode.ACTS), NEWOBJ(0x81, PickleOpcode.ACTS), EXT1(0x82, PickleOpcode.ACTS),
	EXT2(0x83, PickleOpcode.ACTS), EXT4(0x84, PickleOpcode.ACTS), NEWOBJ_EX(0x92, PickleOpcode.ACTS),
	STACK_GLOBAL(0x93, PickleOpcode.ACTS),

	STRING('S', PickleOpcode.PYTHON_2), BINSTRING('T', PickleOpcode.PYTHON_2),
	SHORT_BINSTRING('U', PickleOpcode.PYTHON_2),

	NEXT_BUFFER(0x97, PickleOpcode.ELSEWHERE), READONLY_BUFFER(0x98, PickleOpcode.ELSEWHERE);

	private static final String ACTS = "which names, imports or calls something";

	private static final String PYTHON_2 = "a string of Python 2";

	private static final String ELSEWHERE = "a buffer that is not in the pickle";

	private static final @Nullable PickleOpcode[] BY_CODE = new @Nullable PickleOpcode[256];

	static {
		for (PickleOpcode opcode : values()) {
			BY_CODE[opcode.code] = opcode;
		}
	}

	private final int code;

	private final @Nullable String refusal;

	PickleOpcode(int code) {
		this(code, null);
	}

	PickleOpcode(int code, @Nullable String refusal) {
		this.code = code;
		this.refusal = refusal;
	}

	static @Nullable PickleOpcode find(int code) {
		return BY_CODE[code];
	}

	int code() {
		return this.code;
	}

	/** Says why it is refused; {@code null} for plain data. */
	@Nullable String refusal() {
		return this.refusal;
	}

}
