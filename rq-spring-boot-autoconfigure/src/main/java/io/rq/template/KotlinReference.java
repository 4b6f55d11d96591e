package io.rq.template;

import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.MethodType;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.core.BridgeMethodResolver;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

import io.rq.job.JobMethod;

/**
 * Finds what the references of Kotlin stand for that do not look like those of Java: a
 * method that returns a value is called by a static method that the compiler adds to the
 * caller, and {@code JobMethod.Of1(MailJobs::send)} is an object around Kotlin's own
 * reference. Both name the method and its parameters; no class of Kotlin is needed here.
 */
final class KotlinReference {

	private KotlinReference() {
	}

	/** Returns the method, or {@code null} if the reference is not of these kinds. */
	static @Nullable MethodReference find(JobMethod reference) {
		SerializedLambda lambda = MethodReference.serialized(reference);
		try {
			return (lambda != null) ? adapted(lambda, reference.getClass().getClassLoader()) : wrapped(reference);
		}
		catch (ReflectiveOperationException | RuntimeException | LinkageError ex) {
			return null;
		}
	}

	/** A method such as {@code enqueueAll$send(MailJobs, String)} of the caller. */
	private static @Nullable MethodReference adapted(SerializedLambda lambda, @Nullable ClassLoader loader) {
		if (lambda.getImplMethodKind() != MethodHandleInfo.REF_invokeStatic || lambda.getCapturedArgCount() > 0) {
			return null;
		}
		Class<?>[] types = MethodType.fromMethodDescriptorString(lambda.getImplMethodSignature(), loader)
			.parameterArray();
		Class<?> caller = ClassUtils.resolveClassName(lambda.getImplClass().replace('/', '.'), loader);
		Method adapter = ReflectionUtils.findMethod(caller, lambda.getImplMethodName(), types);
		if (types.length == 0 || adapter == null || !adapter.isSynthetic()) {
			return null;
		}
		Class<?>[] parameters = Arrays.copyOfRange(types, 1, types.length);
		Method method = Stream.of(ReflectionUtils.getAllDeclaredMethods(types[0]))
			.filter((candidate) -> lambda.getImplMethodName().endsWith("$" + candidate.getName()))
			.filter((candidate) -> Arrays.equals(candidate.getParameterTypes(), parameters))
			.max(Comparator.comparingInt((candidate) -> candidate.getName().length()))
			.orElse(null);
		return (method != null) ? new MethodReference(types[0], BridgeMethodResolver.findBridgedMethod(method)) : null;
	}

	/** An object whose delegate has an owner, a name and a signature. */
	private static @Nullable MethodReference wrapped(JobMethod reference) throws ReflectiveOperationException {
		Object delegate = delegate(reference);
		if (delegate == null) {
			return null;
		}
		Object owner = field(delegate, "owner");
		Object signature = field(delegate, "signature");
		Object receiver = field(delegate, "receiver");
		boolean bound = receiver != null && !receiver.getClass().getName().endsWith("NoReceiver");
		if (!(owner instanceof Class<?> type) || !(signature instanceof String text) || bound) {
			return null;
		}
		int name = text.indexOf('(');
		Class<?>[] parameters = MethodType.fromMethodDescriptorString(text.substring(name), type.getClassLoader())
			.parameterArray();
		Method method = ReflectionUtils.findMethod(type, text.substring(0, name), parameters);
		return (method != null) ? new MethodReference(type, BridgeMethodResolver.findBridgedMethod(method)) : null;
	}

	private static @Nullable Object delegate(JobMethod reference) {
		for (Field field : reference.getClass().getDeclaredFields()) {
			if (field.getName().equals("function")) {
				field.setAccessible(true);
				return ReflectionUtils.getField(field, reference);
			}
		}
		return null;
	}

	private static @Nullable Object field(Object delegate, String name) throws ReflectiveOperationException {
		Field field = ReflectionUtils.findField(delegate.getClass(), name);
		if (field == null) {
			throw new NoSuchFieldException(name);
		}
		field.setAccessible(true);
		return field.get(delegate);
	}

}
