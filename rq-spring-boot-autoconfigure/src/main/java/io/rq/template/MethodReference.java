package io.rq.template;

import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.MethodType;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Method;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.core.BridgeMethodResolver;
import org.springframework.util.Assert;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

import io.rq.job.JobMethod;

/**
 * The method that a {@link JobMethod} names, found through its serialized form.
 *
 * @param type the type the method was named by
 * @param method the method, declared there or in a supertype
 */
record MethodReference(Class<?> type, Method method) {

	/**
	 * How the compilers of Java and Kotlin name what they make of lambda expressions, and
	 * of references that do not fit.
	 */
	private static final Pattern LAMBDA = Pattern.compile("lambda\\$.*|.*\\$lambda(\\$\\d+)+(\\$.*)?");

	private static final String REMEDY = "pass a method reference such as MailJobs::sendWelcome, "
			+ "or the function's name";

	static MethodReference of(JobMethod reference) {
		MethodReference kotlin = KotlinReference.find(reference);
		return (kotlin != null) ? kotlin : ofJava(reference);
	}

	private static MethodReference ofJava(JobMethod reference) {
		SerializedLambda lambda = serialize(reference);
		ClassLoader loader = reference.getClass().getClassLoader();
		Class<?> owner = ClassUtils.resolveClassName(lambda.getImplClass().replace('/', '.'), loader);
		Assert.isTrue(!LAMBDA.matcher(lambda.getImplMethodName()).matches(),
				() -> "A lambda expression in " + owner.getName() + ", or a reference that the compiler had to adapt "
						+ "(as for varargs), cannot be a job: " + REMEDY);
		Assert.isTrue(lambda.getCapturedArgCount() == 0,
				() -> "The reference to " + owner.getName() + "." + lambda.getImplMethodName()
						+ " is bound to an instance: name the class before '::', as in MailJobs::sendWelcome");
		Assert.isTrue(
				lambda.getImplMethodKind() != MethodHandleInfo.REF_invokeStatic
						&& lambda.getImplMethodKind() != MethodHandleInfo.REF_newInvokeSpecial,
				() -> owner.getName() + "." + lambda.getImplMethodName()
						+ " cannot be a job: only methods of beans can, not constructors or static methods");
		return find(lambda, owner, loader);
	}

	private static MethodReference find(SerializedLambda lambda, Class<?> owner, @Nullable ClassLoader loader) {
		Class<?>[] parameters = MethodType.fromMethodDescriptorString(lambda.getImplMethodSignature(), loader)
			.parameterArray();
		Method declared = ReflectionUtils.findMethod(owner, lambda.getImplMethodName(), parameters);
		Method method = (declared != null) ? declared
				: ClassUtils.getMethodIfAvailable(owner, lambda.getImplMethodName(), parameters);
		Assert.isTrue(method != null,
				() -> "Method " + lambda.getImplMethodName() + " was not found in " + owner.getName());
		Class<?> receiver = MethodType.fromMethodDescriptorString(lambda.getInstantiatedMethodType(), loader)
			.parameterType(0);
		Class<?> type = owner.isAssignableFrom(receiver) ? receiver : owner;
		return new MethodReference(type, BridgeMethodResolver.findBridgedMethod(method));
	}

	/** Returns the serialized form, or {@code null} if there is none. */
	static @Nullable SerializedLambda serialized(JobMethod reference) {
		try {
			return lambda(reference);
		}
		catch (ReflectiveOperationException | RuntimeException ex) {
			return null;
		}
	}

	private static SerializedLambda serialize(JobMethod reference) {
		SerializedLambda lambda;
		try {
			lambda = lambda(reference);
		}
		catch (ReflectiveOperationException | RuntimeException ex) {
			throw new IllegalArgumentException(
					"The method that " + reference.getClass().getName() + " stands for cannot be found: " + REMEDY, ex);
		}
		Assert.isTrue(lambda != null, () -> reference.getClass().getName() + " is not a method reference: " + REMEDY);
		return lambda;
	}

	private static @Nullable SerializedLambda lambda(JobMethod reference) throws ReflectiveOperationException {
		Method writeReplace = reference.getClass().getDeclaredMethod("writeReplace");
		writeReplace.setAccessible(true);
		return (writeReplace.invoke(reference) instanceof SerializedLambda lambda) ? lambda : null;
	}

}
