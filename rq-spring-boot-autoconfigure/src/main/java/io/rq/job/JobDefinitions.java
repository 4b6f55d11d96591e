package io.rq.job;

import java.lang.reflect.Method;

import org.jspecify.annotations.Nullable;

/**
 * Looks up functions known to this application. Implemented beside the annotation that
 * declares them; must be safe for use by many threads.
 */
public interface JobDefinitions {

	/**
	 * Returns the definition of a function name.
	 * @param name the name
	 * @return the definition, or {@code null} if this application does not know it
	 */
	@Nullable JobDefinition find(String name);

	/**
	 * Returns the definition of a method, of a bean of this application or not.
	 * @param type the type the method was named by
	 * @param method the method
	 * @return the definition
	 * @throws IllegalArgumentException if the method is not declared as a job
	 */
	JobDefinition get(Class<?> type, Method method);

	/**
	 * Returns the name of a callback, of a bean of this application or not.
	 * @param type the type the method was named by
	 * @param method the method
	 * @return its name as it stands in jobs
	 * @throws IllegalArgumentException if the method is not declared as a callback
	 */
	default String callback(Class<?> type, Method method) {
		throw new IllegalArgumentException("Method " + type.getName() + "." + method.getName() + " is no callback");
	}

}
