package io.rq.job;

import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.Type;
import java.util.Objects;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.core.ResolvableType;

/**
 * A parameter that an argument of a job binds to, with its type as the class knows it
 * that the method is called on: where a superclass says {@code T} and a subclass
 * {@code String}, it is {@code String}.
 *
 * @param declaration the parameter as it is declared
 * @param type the type with its type arguments
 * @param rawType the type without them
 */
public record JobParameter(Parameter declaration, Type type, Class<?> rawType) {

	/**
	 * Returns a parameter of a method.
	 * @param declaration the parameter as it is declared
	 * @param owner the class the method is called on
	 * @return the parameter
	 */
	public static JobParameter of(Parameter declaration, Class<?> owner) {
		Type type = DeclaredType.resolve(declaration.getParameterizedType(), owner);
		return new JobParameter(declaration, type, ResolvableType.forType(type).resolve(declaration.getType()));
	}

	/**
	 * Returns all parameters of a method.
	 * @param method the method
	 * @param owner the class it is called on
	 * @return the parameters
	 */
	public static Stream<JobParameter> of(Method method, Class<?> owner) {
		return Stream.of(method.getParameters()).map((declaration) -> of(declaration, owner));
	}

	/**
	 * Returns the name by which arguments may be given.
	 * @return the name
	 */
	public String name() {
		return this.declaration.getName();
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof JobParameter parameter && this.declaration.equals(parameter.declaration)
				&& this.type.equals(parameter.type);
	}

	@Override
	public int hashCode() {
		return Objects.hashCode(this.declaration);
	}

	@Override
	public String toString() {
		return this.type.getTypeName() + " " + name();
	}

}
