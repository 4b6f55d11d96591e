package io.rq.serializer;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.ConcurrentReferenceHashMap;
import org.springframework.util.ReflectionUtils;
import org.springframework.util.StringUtils;

/**
 * What objects of a class consist of, as far as it is meant to be written: its fields and
 * those of its superclasses, but no transient or ignored ones and none of the JDK.
 */
final class Parts {

	private static final Map<Class<?>, List<Part>> CACHE = new ConcurrentReferenceHashMap<>();

	private Parts() {
	}

	/** Whether the class may be looked into: no class of the JDK may. */
	static boolean known(Class<?> type) {
		for (Class<?> current = type; current != null; current = current.getSuperclass()) {
			boolean open = current == Object.class || current == Record.class || !isPlatform(current);
			if (!open) {
				return false;
			}
		}
		return !type.isHidden() && of(type).stream().allMatch(Part::accessible);
	}

	private static boolean isPlatform(Class<?> type) {
		ClassLoader loader = type.getClassLoader();
		return loader == null || loader == ClassLoader.getPlatformClassLoader();
	}

	static List<Part> of(Class<?> type) {
		return CACHE.computeIfAbsent(type, Parts::read);
	}

	private static List<Part> read(Class<?> type) {
		Set<String> ignored = new TreeSet<>();
		JsonIgnoreProperties properties = AnnotatedElementUtils.findMergedAnnotation(type, JsonIgnoreProperties.class);
		if (properties != null) {
			ignored.addAll(Arrays.asList(properties.value()));
		}
		for (Method method : ReflectionUtils.getUniqueDeclaredMethods(type)) {
			if (isIgnored(method)) {
				ignored.add(method.getName());
				ignored.add(StringUtils.uncapitalize(method.getName().replaceFirst("^(get|is)", "")));
			}
		}
		List<Part> parts = new ArrayList<>();
		ReflectionUtils.doWithFields(type, (field) -> parts.add(new Part(field, field.trySetAccessible())), (field) -> {
			int modifiers = field.getModifiers();
			return !Modifier.isStatic(modifiers) && !Modifier.isTransient(modifiers) && !field.isSynthetic()
					&& !isPlatform(field.getDeclaringClass()) && !isIgnored(field)
					&& !ignored.contains(field.getName());
		});
		return parts;
	}

	private static boolean isIgnored(AnnotatedElement element) {
		Annotation annotation = element.getAnnotation(JsonIgnore.class);
		return annotation instanceof JsonIgnore ignore && ignore.value();
	}

	/**
	 * One field.
	 *
	 * @param field the field
	 * @param accessible whether it can be read
	 */
	record Part(Field field, boolean accessible) {

		String name() {
			return this.field.getName();
		}

		ResolvableType type() {
			return ResolvableType.forField(this.field);
		}

		@Nullable Object get(Object target) {
			return ReflectionUtils.getField(this.field, target);
		}

	}

}
