package io.rq.job;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.core.GenericTypeResolver;

/**
 * A declared type as a class knows it: with the types that the class, or one between,
 * gives for the type variables of its superclasses and interfaces.
 */
public final class DeclaredType {

	private DeclaredType() {
	}

	/**
	 * Returns a type with its variables replaced as far as they are known.
	 * @param declared the type as it is declared by a method of the class or a supertype
	 * @param owner the class
	 * @return the type; where a variable is not known it stays
	 */
	@SuppressWarnings("rawtypes")
	public static Type resolve(Type declared, Class<?> owner) {
		if (!hasVariable(declared)) {
			return declared;
		}
		Map<TypeVariable, Type> known = GenericTypeResolver.getTypeVariableMap(owner);
		return replace(declared, known);
	}

	/**
	 * Whether a type names a variable of a class.
	 * @param type the type
	 * @return whether it does; a variable of a method has bounds that can be read
	 */
	public static boolean hasVariable(Type type) {
		if (type instanceof TypeVariable<?> variable) {
			return variable.getGenericDeclaration() instanceof Class<?>;
		}
		if (type instanceof ParameterizedType parameterized) {
			return Stream.of(parameterized.getActualTypeArguments()).anyMatch(DeclaredType::hasVariable);
		}
		if (type instanceof WildcardType wildcard) {
			return Stream.of(wildcard.getUpperBounds()).anyMatch(DeclaredType::hasVariable)
					|| Stream.of(wildcard.getLowerBounds()).anyMatch(DeclaredType::hasVariable);
		}
		return type instanceof GenericArrayType array && hasVariable(array.getGenericComponentType());
	}

	@SuppressWarnings("rawtypes")
	private static Type replace(Type type, Map<TypeVariable, Type> known) {
		if (!hasVariable(type)) {
			return type;
		}
		if (type instanceof TypeVariable<?> variable) {
			Type value = known.get(variable);
			return (value != null && value != type) ? replace(value, known) : type;
		}
		if (type instanceof ParameterizedType parameterized) {
			return new WithArguments(parameterized.getRawType(),
					Stream.of(parameterized.getActualTypeArguments())
						.map((argument) -> replace(argument, known))
						.toList());
		}
		if (type instanceof WildcardType wildcard) {
			return replace(wildcard.getUpperBounds()[0], known);
		}
		Type component = replace(((GenericArrayType) type).getGenericComponentType(), known);
		return (component instanceof Class<?> element) ? element.arrayType() : new ArrayOf(component);
	}

	/**
	 * A type with type arguments.
	 *
	 * @param getRawType the type without them
	 * @param arguments the type arguments
	 */
	private record WithArguments(Type getRawType, List<Type> arguments) implements ParameterizedType {

		@Override
		public Type[] getActualTypeArguments() {
			return this.arguments.toArray(Type[]::new);
		}

		@Override
		public @Nullable Type getOwnerType() {
			return null;
		}

		@Override
		public String getTypeName() {
			return this.getRawType.getTypeName()
					+ this.arguments.stream().map(Type::getTypeName).collect(Collectors.joining(", ", "<", ">"));
		}

	}

	/**
	 * An array of a type with type arguments.
	 *
	 * @param getGenericComponentType the type of the elements
	 */
	private record ArrayOf(Type getGenericComponentType) implements GenericArrayType {

		@Override
		public String getTypeName() {
			return this.getGenericComponentType.getTypeName() + "[]";
		}

	}

}
