package io.rq.operations;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * All arguments of a job: texts, numbers, booleans, lists and maps.
 *
 * @param positional the arguments by position
 * @param named the arguments by name
 */
public record JobArguments(List<@Nullable Object> positional, Map<String, @Nullable Object> named) {

	/**
	 * Makes the arguments unmodifiable.
	 */
	public JobArguments {
		positional = Collections.unmodifiableList(new ArrayList<>(positional));
		named = Collections.unmodifiableMap(new LinkedHashMap<>(named));
	}

	/** Tells how many there are, not what they are: arguments may be secret. */
	@Override
	public String toString() {
		return "JobArguments[" + this.positional.size() + " + " + this.named.size() + "]";
	}

}
