package io.rq.job;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * What a job calls and what is passed along. A function's name or a method is given; the
 * name of the method's function may be known beside it.
 *
 * @param function the function's name, or {@code null} if a method is given
 * @param method the method reference, or {@code null} if a function is given
 * @param args the arguments by position
 * @param kwargs the arguments by name
 * @param meta the meta data that the job's method and observers can read
 */
public record Call(@Nullable String function, @Nullable JobMethod method, List<@Nullable Object> args,
		Map<String, @Nullable Object> kwargs, Map<String, @Nullable Object> meta) {

	/**
	 * Creates a call of a function.
	 * @param function the dotted name
	 * @param args the arguments by position
	 * @return the call
	 * @throws IllegalArgumentException if the name has no text
	 */
	public static Call of(String function, @Nullable Object... args) {
		Assert.hasText(function, "'function' must not be empty");
		return new Call(function, null, list(args), Map.of(), Map.of());
	}

	/**
	 * Creates a call of a method.
	 * @param method the method reference
	 * @param args the arguments by position
	 * @return the call
	 */
	public static Call of(JobMethod method, @Nullable Object... args) {
		Assert.notNull(method, "'method' must not be null");
		return new Call(null, method, list(args), Map.of(), Map.of());
	}

	private static List<@Nullable Object> list(@Nullable Object... args) {
		Assert.notNull(args, "'args' must not be null. Cast to Object to pass null as the only argument");
		return copy(Arrays.asList(args));
	}

	/**
	 * Names the function of a method.
	 * @param function the dotted name
	 * @return a new call
	 */
	public Call withFunction(String function) {
		return new Call(function, this.method, this.args, this.kwargs, this.meta);
	}

	/**
	 * Replaces the arguments by position.
	 * @param args the arguments
	 * @return a new call
	 */
	public Call withArgs(List<? extends @Nullable Object> args) {
		return new Call(this.function, this.method, copy(args), this.kwargs, this.meta);
	}

	/**
	 * Replaces the arguments by name.
	 * @param kwargs the arguments
	 * @return a new call
	 */
	public Call withKwargs(Map<String, ? extends @Nullable Object> kwargs) {
		return new Call(this.function, this.method, this.args, copy(kwargs), this.meta);
	}

	/**
	 * Replaces the meta data.
	 * @param meta the meta data
	 * @return a new call
	 */
	public Call withMeta(Map<String, ? extends @Nullable Object> meta) {
		return new Call(this.function, this.method, this.args, this.kwargs, copy(meta));
	}

	private static List<@Nullable Object> copy(List<? extends @Nullable Object> list) {
		return Collections.unmodifiableList(new ArrayList<@Nullable Object>(list));
	}

	private static Map<String, @Nullable Object> copy(Map<String, ? extends @Nullable Object> map) {
		return Collections.unmodifiableMap(new LinkedHashMap<String, @Nullable Object>(map));
	}

	/** Names what is called, not what is passed: arguments may be secret. */
	@Override
	public String toString() {
		return "Call[" + ((this.function != null) ? this.function : "method") + ", " + this.args.size() + " + "
				+ this.kwargs.size() + " arguments]";
	}

}
