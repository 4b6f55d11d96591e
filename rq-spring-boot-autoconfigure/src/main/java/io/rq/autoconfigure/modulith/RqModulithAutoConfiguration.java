package io.rq.autoconfigure.modulith;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.modulith.events.EventExternalizationConfiguration;
import org.springframework.modulith.events.support.EventExternalizerModuleListener;

import io.rq.autoconfigure.RqAutoConfiguration;
import io.rq.modulith.JobEventTransport;
import io.rq.template.JobOperations;

/**
 * Auto-configuration for events of Spring Modulith that are externalized to queues.
 */
@AutoConfiguration(after = RqAutoConfiguration.class,
		afterName = "org.springframework.modulith.events.config.EventExternalizationAutoConfiguration")
@ConditionalOnClass(EventExternalizerModuleListener.class)
@ConditionalOnBean({ JobOperations.class, EventExternalizationConfiguration.class })
@ConditionalOnProperty(name = "spring.modulith.events.externalization.mode", havingValue = "module-listener",
		matchIfMissing = true)
public final class RqModulithAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	JobEventTransport rqJobEventTransport(JobOperations jobs) {
		return new JobEventTransport(jobs);
	}

	@Bean
	EventExternalizerModuleListener rqEventExternalizer(EventExternalizationConfiguration configuration,
			JobEventTransport transport) {
		return new EventExternalizerModuleListener(configuration, transport);
	}

}
