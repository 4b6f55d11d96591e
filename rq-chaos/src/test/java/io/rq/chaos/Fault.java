package io.rq.chaos;

import java.util.Random;

/**
 * Something that goes wrong.
 *
 * @param kind what it is called where it is counted
 * @param detail what chance has decided about it, or an empty text
 * @param harm does it
 */
record Fault(String kind, String detail, Harm harm) {

	@Override
	public String toString() {
		return this.detail.isEmpty() ? this.kind : this.kind + ", " + this.detail;
	}

	/**
	 * A fault and what it has done.
	 *
	 * @param fault the fault
	 * @param strike what it has done
	 */
	record Struck(Fault fault, Strike strike) {

	}

	/** Does harm, undoes it and waits until its victims are back. */
	@FunctionalInterface
	interface Harm {

		Strike strike(Stage stage);

	}

	/** Leaves to chance what is not said of a fault. */
	@FunctionalInterface
	interface Kind {

		Fault draw(Random random, Form form);

	}

}
