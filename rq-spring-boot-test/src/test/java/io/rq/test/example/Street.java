package io.rq.test.example;

/**
 * What Jackson cannot read by itself.
 */
public final class Street {

	private final String name;

	private Street(String name) {
		this.name = name;
	}

	/**
	 * Makes one of its name.
	 * @param name the name
	 * @return the street
	 */
	public static Street named(String name) {
		return new Street(name);
	}

	@Override
	public String toString() {
		return this.name;
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof Street street && street.name.equals(this.name);
	}

	@Override
	public int hashCode() {
		return this.name.hashCode();
	}

}
