package io.rq.annotation;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.rq.RqException;

/**
 * Thrown when an {@link RqJob @RqJob} method cannot be a job as it is declared, or an
 * {@link RqCallback @RqCallback} method no callback. Ends the start of the application;
 * what only the proxy of a lazy bean shows fails the job or the callback.
 */
public class RqJobDefinitionException extends RqException {

	private static final long serialVersionUID = 1L;

	private final String description;

	private final @Nullable String beanName;

	private final String method;

	private final String problem;

	private final String remedy;

	/**
	 * Creates the exception.
	 * @param beanName the bean's name, or {@code null} if the method is not one of a bean
	 * here
	 * @param method the method
	 * @param problem what is wrong, as the end of a sentence
	 * @param remedy what to do about it, as a sentence without its full stop
	 * @param cause the underlying failure, or {@code null}
	 */
	public RqJobDefinitionException(@Nullable String beanName, Method method, String problem, String remedy,
			@Nullable Throwable cause) {
		this(beanName, method, "a job", problem, remedy, cause);
	}

	RqJobDefinitionException(@Nullable String beanName, Method method, String role, String problem, String remedy,
			@Nullable Throwable cause) {
		super(describe(beanName, method, role, problem) + " " + remedy + ".", cause);
		this.description = describe(beanName, method, role, problem);
		this.beanName = beanName;
		this.method = describe(method);
		this.problem = problem;
		this.remedy = remedy;
	}

	private static String describe(@Nullable String beanName, Method method, String role, String problem) {
		return "Method " + describe(method) + ((beanName != null) ? " of bean '" + beanName + "'" : "") + " cannot be "
				+ role + ": " + problem + ".";
	}

	static String describe(Method method) {
		return method.getDeclaringClass().getName() + "." + method.getName()
				+ Arrays.stream(method.getParameterTypes())
					.map(Class::getSimpleName)
					.collect(Collectors.joining(", ", "(", ")"));
	}

	/**
	 * Returns which method cannot be a job, or a callback, and why.
	 * @return a sentence
	 */
	public String getDescription() {
		return this.description;
	}

	/**
	 * Returns the name of the bean whose method it is.
	 * @return the name, or {@code null} if the method is not one of a bean here
	 */
	public @Nullable String getBeanName() {
		return this.beanName;
	}

	/**
	 * Returns the method as a text: class, name and parameter types.
	 * @return the method
	 */
	public String getMethod() {
		return this.method;
	}

	/**
	 * Returns what is wrong, with the offending value.
	 * @return the end of a sentence, without its full stop
	 */
	public String getProblem() {
		return this.problem;
	}

	/**
	 * Returns what to do about it.
	 * @return a sentence without its full stop
	 */
	public String getRemedy() {
		return this.remedy;
	}

}
