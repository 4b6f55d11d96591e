package io.rq.job;

import java.lang.reflect.Method;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What this application knows of a function that can run as a job.
 *
 * @param name the function name that stands in the job
 * @param aliases other names that its jobs may have, such as former ones
 * @param queue the queue its jobs go to, or {@code null} for the default queue
 * @param options the options its jobs get where none are given
 * @param method the method behind it
 * @param parameters the parameters that the job's arguments bind to, without those the
 * worker supplies
 */
public record JobDefinition(String name, List<String> aliases, @Nullable String queue, JobOptions options,
		Method method, List<JobParameter> parameters) {

	/**
	 * Creates a definition without aliases.
	 * @param name the function name
	 * @param queue the queue, or {@code null} for the default queue
	 * @param options the options its jobs get where none are given
	 * @param method the method behind it
	 * @param parameters the parameters
	 */
	public JobDefinition(String name, @Nullable String queue, JobOptions options, Method method,
			List<JobParameter> parameters) {
		this(name, List.of(), queue, options, method, parameters);
	}

}
