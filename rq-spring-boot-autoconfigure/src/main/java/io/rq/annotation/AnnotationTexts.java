package io.rq.annotation;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;
import org.springframework.util.StringValueResolver;

/**
 * Reads the texts in the annotations of a method, in which there may be placeholders.
 */
final class AnnotationTexts {

	private final BeanMethod source;

	private final StringValueResolver resolver;

	AnnotationTexts(BeanMethod source, StringValueResolver resolver) {
		this.source = source;
		this.resolver = resolver;
	}

	@Nullable Duration duration(String attribute, String text, DurationRange range) {
		String value = resolve(attribute, text);
		if (value == null) {
			return null;
		}
		try {
			return range.parse(value);
		}
		catch (IllegalArgumentException ex) {
			throw this.source.failure(attribute + " '" + value + "' " + ex.getMessage(), range.remedy(), ex);
		}
	}

	@Nullable String resolve(String attribute, String text) {
		if (text.isEmpty()) {
			return null;
		}
		String value = resolvePlaceholders(attribute, text);
		if (value != null && value.contains("${")) {
			throw unresolvable(attribute, text, null);
		}
		return StringUtils.hasText(value) ? value.strip() : null;
	}

	private @Nullable String resolvePlaceholders(String attribute, String text) {
		try {
			return this.resolver.resolveStringValue(text);
		}
		catch (RuntimeException ex) {
			throw unresolvable(attribute, text, ex);
		}
	}

	private RqJobDefinitionException unresolvable(String attribute, String text, @Nullable RuntimeException cause) {
		return this.source.failure(attribute + " '" + text + "' contains a placeholder that cannot be resolved",
				"Define the property or give a default, as in ${name:default}", cause);
	}

}
