package io.rq.annotation;

import java.lang.reflect.Type;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.util.ClassUtils;

import io.rq.handler.ReturnType;
import io.rq.job.JobParameter;

/**
 * Keeps what is written and read of jobs in an application that is processed ahead of
 * time: the types of the arguments and results of {@link RqJob @RqJob} and
 * {@link RqCallback @RqCallback} methods. The methods themselves are kept by their
 * annotations.
 */
final class JobMethodAotProcessor implements BeanRegistrationAotProcessor {

	@Override
	public @Nullable BeanRegistrationAotContribution processAheadOfTime(RegisteredBean bean) {
		Class<?> type = ClassUtils.getUserClass(bean.getBeanClass());
		if (!RqJobAnnotationBeanPostProcessor.isCandidate(type)) {
			return null;
		}
		Type[] types = Stream.concat(typesOfJobs(type), typesOfCallbacks(type)).toArray(Type[]::new);
		return (types.length == 0) ? null : (context, code) -> new BindingReflectionHintsRegistrar()
			.registerReflectionHints(context.getRuntimeHints().reflection(), types);
	}

	private static Stream<Type> typesOfJobs(Class<?> type) {
		return RqJobAnnotationBeanPostProcessor.annotatedMethods(type)
			.entrySet()
			.stream()
			.map((entry) -> new RqJobMethod(null, type, entry.getKey(), entry.getValue()))
			.flatMap((method) -> Stream.concat(method.parameters().stream().map(JobParameter::type),
					Stream.of(ReturnType.result(method.returnType()))));
	}

	private static Stream<Type> typesOfCallbacks(Class<?> type) {
		return RqJobAnnotationBeanPostProcessor.callbackMethods(type)
			.keySet()
			.stream()
			.flatMap((method) -> JobParameter.of(method, type))
			.filter((parameter) -> CallbackMethod.isResult(parameter.declaration()))
			.map(JobParameter::type);
	}

}
