package io.rq.autoconfigure.security;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.security.core.context.SecurityContextHolder;

import io.rq.autoconfigure.ConditionalOnFlag;
import io.rq.autoconfigure.RqAutoConfiguration;
import io.rq.security.EnqueuedByInterceptor;
import io.rq.security.EnqueuedByResolver;
import io.rq.template.JobOperations;

/**
 * Auto-configuration for the name of the user who enqueues.
 */
@AutoConfiguration(after = RqAutoConfiguration.class)
@ConditionalOnClass(SecurityContextHolder.class)
@ConditionalOnBean(JobOperations.class)
@ConditionalOnFlag(value = "rq.context.user", matchIfMissing = true)
public final class RqSecurityAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	EnqueuedByInterceptor rqEnqueuedByInterceptor(ObjectProvider<EnqueuedByResolver> resolver) {
		return new EnqueuedByInterceptor(resolver.getIfAvailable());
	}

}
