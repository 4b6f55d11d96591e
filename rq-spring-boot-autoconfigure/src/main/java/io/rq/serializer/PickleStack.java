package io.rq.serializer;

import java.util.Arrays;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

import io.rq.serializer.PickleCollection.Kind;

/**
 * The stack of a pickle with its marks, and the memo of what is used again.
 */
final class PickleStack {

	private static final Object ABSENT = new Object();

	private final int memoLimit;

	private @Nullable Object[] values = new @Nullable Object[16];

	private int size;

	private int[] marks = new int[8];

	private int markCount;

	private @Nullable Object[] memo = new @Nullable Object[0];

	private int memoized;

	/**
	 * Creates an empty stack.
	 * @param memoLimit how many places the memo may have: each takes at least one byte of
	 * the pickle
	 */
	PickleStack(int memoLimit) {
		this.memoLimit = memoLimit;
	}

	void push(@Nullable Object value) {
		if (this.size == this.values.length) {
			this.values = Arrays.copyOf(this.values, this.size + (this.size >> 1));
		}
		this.values[this.size++] = value;
	}

	@Nullable Object pop() {
		Object value = top();
		this.values[--this.size] = null;
		return value;
	}

	@Nullable Object top() {
		if (this.size <= floor()) {
			throw new JobSerializationException("the pickle takes more from its stack than is there", null);
		}
		return this.values[this.size - 1];
	}

	/** Looks at what is so far below the top; {@code null} if nothing is there. */
	@Nullable Object peek(int depth) {
		return (depth < this.size) ? this.values[this.size - 1 - depth] : null;
	}

	@Nullable Object[] pop(int count) {
		@Nullable Object[] popped = new @Nullable Object[count];
		for (int i = count - 1; i >= 0; i--) {
			popped[i] = pop();
		}
		return popped;
	}

	void mark() {
		if (this.markCount == this.marks.length) {
			this.marks = Arrays.copyOf(this.marks, 2 * this.markCount);
		}
		this.marks[this.markCount++] = this.size;
	}

	@Nullable Object[] popToMark() {
		if (this.markCount == 0) {
			throw new JobSerializationException("the pickle refers to a mark that is not there", null);
		}
		int count = this.size - floor();
		@Nullable Object[] popped = pop(count);
		this.markCount--;
		return popped;
	}

	/** What Python's POP does: it removes a mark too. */
	void drop() {
		if (this.markCount > 0 && this.size == floor()) {
			this.markCount--;
		}
		else {
			pop();
		}
	}

	private int floor() {
		return (this.markCount > 0) ? this.marks[this.markCount - 1] : 0;
	}

	PickleCollection collection(Kind kind) {
		if (top() instanceof PickleCollection collection && collection.kind() == kind) {
			return collection;
		}
		throw new JobSerializationException(
				"the pickle adds to something that is no " + kind.name().toLowerCase(Locale.ROOT), null);
	}

	boolean isAlone() {
		return this.size == 1 && this.markCount == 0;
	}

	void memoize() {
		memoize(this.memoized);
	}

	void memoize(long index) {
		if (index >= this.memoLimit) {
			throw new JobSerializationException("the pickle has a memo of more places than it has bytes", null);
		}
		int place = (int) index;
		if (place >= this.memo.length) {
			int length = this.memo.length;
			this.memo = Arrays.copyOf(this.memo, Math.min(this.memoLimit, Math.max(place + 1, 2 * length)));
			Arrays.fill(this.memo, length, this.memo.length, ABSENT);
		}
		if (this.memo[place] == ABSENT) {
			this.memoized++;
		}
		this.memo[place] = top();
	}

	@Nullable Object recall(long index) {
		Object value = (index < this.memo.length) ? this.memo[(int) index] : ABSENT;
		if (value == ABSENT) {
			throw new JobSerializationException("the pickle refers to a place of its memo that is empty", null);
		}
		return value;
	}

}
