package io.rq.test.autoconfigure;

import java.io.IOException;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.test.context.filter.annotation.StandardAnnotationCustomizableTypeExcludeFilter;
import org.springframework.core.type.classreading.MetadataReader;
import org.springframework.core.type.classreading.MetadataReaderFactory;

import io.rq.annotation.RqCallback;
import io.rq.annotation.RqCron;
import io.rq.annotation.RqJob;
import io.rq.handler.CallbackHandler;
import io.rq.handler.JobExceptionHandler;
import io.rq.handler.JobHandler;
import io.rq.handler.JobListener;
import io.rq.interceptor.JobInterceptor;
import io.rq.serializer.RqJsonMapperBuilderCustomizer;
import io.rq.template.JobTemplateCustomizer;

/**
 * Leaves out the components that are no jobs in tests with {@link RqTest @RqTest}.
 */
final class RqTypeExcludeFilter extends StandardAnnotationCustomizableTypeExcludeFilter<RqTest> {

	private static final Set<Class<?>> TYPES = Set.of(JobHandler.class, CallbackHandler.class, JobListener.class,
			JobExceptionHandler.class, JobInterceptor.class, JobTemplateCustomizer.class,
			RqJsonMapperBuilderCustomizer.class);

	private static final Set<String> METHODS = Set.of(RqJob.class.getName(), RqCron.class.getName(),
			RqCallback.class.getName());

	RqTypeExcludeFilter(Class<?> testClass) {
		super(testClass);
	}

	@Override
	protected Set<Class<?>> getKnownIncludes() {
		return TYPES;
	}

	@Override
	protected boolean defaultInclude(MetadataReader metadata, MetadataReaderFactory factory) throws IOException {
		return super.defaultInclude(metadata, factory) || hasJobs(metadata, factory);
	}

	private static boolean hasJobs(MetadataReader metadata, MetadataReaderFactory factory) {
		return METHODS.stream().anyMatch(metadata.getAnnotationMetadata()::hasAnnotatedMethods)
				|| hasJobs(metadata.getClassMetadata().getSuperClassName(), factory)
				|| Stream.of(metadata.getClassMetadata().getInterfaceNames())
					.anyMatch((type) -> hasJobs(type, factory));
	}

	/** A type that is not there, as those of optional dependencies, has none. */
	private static boolean hasJobs(@Nullable String type, MetadataReaderFactory factory) {
		try {
			return type != null && !type.startsWith("java.") && hasJobs(factory.getMetadataReader(type), factory);
		}
		catch (IOException ex) {
			return false;
		}
	}

}
