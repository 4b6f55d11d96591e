package io.rq.serializer;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * A list, tuple, set or dict of a pickle. A dict has keys and values in turns: nothing is
 * looked up, so no hash code is computed of what others have chosen.
 */
final class PickleCollection {

	private static final @Nullable Object[] NOTHING = {};

	private final Kind kind;

	private @Nullable Object[] items;

	private int size;

	private boolean open;

	PickleCollection(Kind kind, @Nullable Object[] items) {
		this.kind = kind;
		this.items = items;
		this.size = items.length;
	}

	static PickleCollection empty(Kind kind) {
		return new PickleCollection(kind, NOTHING);
	}

	Kind kind() {
		return this.kind;
	}

	int size() {
		return this.size;
	}

	@Nullable Object get(int index) {
		return this.items[index];
	}

	void add(@Nullable Object[] more) {
		if (this.size + more.length > this.items.length) {
			this.items = Arrays.copyOf(this.items, Math.max(this.size + more.length, this.size + (this.size >> 1)));
		}
		System.arraycopy(more, 0, this.items, this.size, more.length);
		this.size += more.length;
	}

	/** Enters it for writing; {@code false} if that is under way: it contains itself. */
	boolean enter() {
		boolean entered = !this.open;
		this.open = true;
		return entered;
	}

	void leave() {
		this.open = false;
	}

	enum Kind {

		LIST, TUPLE, SET, FROZENSET, DICT

	}

}
