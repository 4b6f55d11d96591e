package io.rq.autoconfigure.info;

import org.springframework.boot.actuate.autoconfigure.info.ConditionalOnEnabledInfoContributor;
import org.springframework.boot.actuate.autoconfigure.info.InfoContributorFallback;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

import io.rq.actuate.info.RqInfoContributor;
import io.rq.autoconfigure.RqAutoConfiguration;
import io.rq.handler.JobHandlerRegistry;
import io.rq.monitor.LocalContainers;

/**
 * Auto-configuration that lets {@code /actuator/info} tell of this application's workers
 * and functions, if {@code management.info.rq.enabled} is set: who may see the endpoint
 * may be anybody.
 */
@AutoConfiguration(after = RqAutoConfiguration.class)
@ConditionalOnClass({ InfoContributor.class, ConditionalOnEnabledInfoContributor.class })
@ConditionalOnBean(LocalContainers.class)
public final class RqInfoContributorAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnEnabledInfoContributor(value = "rq", fallback = InfoContributorFallback.DISABLE)
	RqInfoContributor rqInfoContributor(LocalContainers local, JobHandlerRegistry handlers) {
		return new RqInfoContributor(local, handlers);
	}

}
