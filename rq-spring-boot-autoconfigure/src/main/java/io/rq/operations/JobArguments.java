package io.rq.operations;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * The arguments that a job gets: texts, numbers, booleans, lists and maps.
 *
 * @param positional all arguments by position, or {@code null} if they stay as they are
 * @param named all arguments by name, or {@code null} if they stay as they are
 */
public record JobArguments(@Nullable List<@Nullable Object> positional, @Nullable Map<String, @Nullable Object> named) {

	/**
	 * Makes the arguments unmodifiable.
	 * @throws IllegalArgumentException if both kinds are to stay as they are
	 */
	public JobArguments {
		Assert.isTrue(positional != null || named != null,
				"Nothing is to be changed: give 'arguments', which are those by position, or 'namedArguments'; "
						+ "those that are not given stay as they are");
		positional = (positional != null) ? Collections.unmodifiableList(new ArrayList<>(positional)) : null;
		named = (named != null) ? Collections.unmodifiableMap(new LinkedHashMap<>(named)) : null;
	}

	/** Tells how many there are, not what they are: arguments may be secret. */
	@Override
	public String toString() {
		return "JobArguments[" + ((this.positional != null) ? this.positional.size() : "as before") + " + "
				+ ((this.named != null) ? this.named.size() : "as before") + "]";
	}

}
