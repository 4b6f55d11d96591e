package io.rq.test.autoconfigure;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.TestContextAnnotationUtils;

/**
 * Gives tests with {@link AutoConfigureRq @AutoConfigureRq} their properties.
 */
final class RqTestContextCustomizerFactory implements ContextCustomizerFactory {

	@Override
	public @Nullable ContextCustomizer createContextCustomizer(Class<?> testClass,
			List<ContextConfigurationAttributes> attributes) {
		AutoConfigureRq annotation = TestContextAnnotationUtils.findMergedAnnotation(testClass, AutoConfigureRq.class);
		return (annotation != null) ? new RqTestContextCustomizer(annotation.redis()) : null;
	}

}
