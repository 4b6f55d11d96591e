package io.rq.operations;

import java.util.Locale;
import java.util.Set;

import org.springframework.util.Assert;

/**
 * Who does something.
 *
 * @param name the name, as the record of operations shows it
 * @param authorities what the application's security says of them
 * @param face through what they do it
 */
public record Operator(String name, Set<String> authorities, Face face) {

	/** The application itself: Java code that names nobody. May do everything. */
	public static final Operator APPLICATION = new Operator("application", Set.of(), Face.APPLICATION);

	/**
	 * Checks the name and makes the authorities unmodifiable.
	 * @throws IllegalArgumentException if the name is empty
	 */
	public Operator {
		Assert.hasText(name, "'name' must not be empty");
		authorities = Set.copyOf(authorities);
	}

	/**
	 * Through what someone does something.
	 */
	public enum Face {

		/** Java code of the application. */
		APPLICATION,

		/** The {@code rq} endpoint. */
		ENDPOINT,

		/** The dashboard. */
		DASHBOARD,

		/** The command line. */
		COMMAND_LINE;

		/**
		 * Returns the text that stands for the face in the record of operations.
		 * @return the name in lower case with hyphens
		 */
		public String value() {
			return name().toLowerCase(Locale.ROOT).replace('_', '-');
		}

	}

}
