package io.rq.annotation;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.MergedAnnotations;

import io.rq.handler.JobContext;
import io.rq.job.DeclaredType;
import io.rq.job.JobParameter;

/**
 * A method with its annotation and where it was found.
 *
 * @param beanName the bean's name, or {@code null} if it is not one of a bean here
 * @param type the class that was looked at, never a proxy's
 * @param method the method, declared there or in a supertype
 * @param annotation the merged annotation
 */
record RqJobMethod(@Nullable String beanName, Class<?> type, Method method, RqJob annotation) implements BeanMethod {

	private static final List<String> ASYNC = List.of("org.springframework.scheduling.annotation.Async",
			"jakarta.ejb.Asynchronous", "jakarta.enterprise.concurrent.Asynchronous");

	static @Nullable RqJob findAnnotation(Method method) {
		return AnnotatedElementUtils.findMergedAnnotation(method, RqJob.class);
	}

	/** Returns the parameters that are arguments of its jobs. */
	List<JobParameter> parameters() {
		return JobParameter.of(this.method, this.type).filter((parameter) -> !isContext(parameter)).toList();
	}

	/** Whether the worker supplies the parameter. */
	static boolean isContext(JobParameter parameter) {
		return parameter.rawType() == JobContext.class;
	}

	/** Returns the type of what it returns, as the class knows it. */
	Type returnType() {
		return DeclaredType.resolve(this.method.getGenericReturnType(), this.type);
	}

	/** Whether a proxy runs it on another thread and does not wait for it. */
	boolean isAsync() {
		return Stream.of(this.method, this.type).anyMatch((element) -> {
			MergedAnnotations annotations = MergedAnnotations.from((AnnotatedElement) element,
					MergedAnnotations.SearchStrategy.TYPE_HIERARCHY);
			return ASYNC.stream().anyMatch(annotations::isPresent);
		});
	}

	@Override
	public RqJobDefinitionException failure(String problem, String remedy, @Nullable Throwable cause) {
		return new RqJobDefinitionException(this.beanName, this.method, problem, remedy, cause);
	}

	@Override
	public String toString() {
		return RqJobDefinitionException.describe(this.method)
				+ ((this.beanName != null) ? " of bean '" + this.beanName + "'" : "");
	}

}
