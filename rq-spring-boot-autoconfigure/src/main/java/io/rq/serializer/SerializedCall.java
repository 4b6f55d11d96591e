package io.rq.serializer;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.rq.job.JobParameter;

/**
 * A function call read from a job, its arguments not yet bound to Java types.
 */
public interface SerializedCall {

	/**
	 * Returns the function's name.
	 * @return the name
	 */
	String function();

	/**
	 * Binds the arguments to parameters: those by position first, then those by name. A
	 * missing one is an error unless the parameter is an {@code Optional} or nullable.
	 * @param parameters the parameters
	 * @return one value per parameter
	 * @throws io.rq.job.InvalidJobException if an argument is missing, superfluous or of
	 * another type; it names function, parameter and value type
	 */
	@Nullable Object[] bind(List<JobParameter> parameters);

	/**
	 * Returns the arguments by position as plain Java values.
	 * @return lists, maps, strings, numbers, booleans or {@code null}
	 */
	List<@Nullable Object> args();

	/**
	 * Returns the arguments by name as plain Java values.
	 * @return lists, maps, strings, numbers, booleans or {@code null}
	 */
	Map<String, @Nullable Object> kwargs();

	/**
	 * Returns this call with plain values that can be written again as they are: where a
	 * {@code Double} would round a number or write it with other digits, it is a
	 * {@link java.math.BigDecimal}.
	 * @return the call, this one if its plain values are exact or cannot be made so
	 */
	default SerializedCall exact() {
		return this;
	}

}
