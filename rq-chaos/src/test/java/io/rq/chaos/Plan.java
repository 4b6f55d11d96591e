package io.rq.chaos;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Random;

/**
 * The faults of a run in their order, which a seed decides. Each kind comes once before
 * any comes again, and one of the first kind is the first, however short the run.
 */
final class Plan implements Iterator<Fault> {

	/** How often a kind comes at most. */
	private static final int ROUNDS = 3;

	private final Random random;

	private final Form form;

	private final List<Fault.Kind> kinds;

	private final List<Fault.Kind> next = new ArrayList<>();

	private int left;

	Plan(long seed, Form form, List<Fault.Kind> kinds) {
		this.random = new Random(seed);
		this.form = form;
		this.kinds = kinds;
		this.left = Math.max(form.complete() ? kinds.size() : 0, Math.min(form.faults(), ROUNDS * kinds.size()));
		deal();
		this.next.add(0, kinds.get(0));
		this.next.remove(this.next.lastIndexOf(kinds.get(0)));
	}

	@Override
	public boolean hasNext() {
		return this.left > 0;
	}

	@Override
	public Fault next() {
		if (this.next.isEmpty()) {
			deal();
		}
		this.left--;
		return this.next.remove(0).draw(this.random, this.form);
	}

	private void deal() {
		this.next.addAll(this.kinds);
		Collections.shuffle(this.next, this.random);
	}

}
