package io.rq.autoconfigure.health;

import java.time.Clock;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

import io.rq.autoconfigure.RqAutoConfiguration;
import io.rq.autoconfigure.RqProperties;
import io.rq.health.RqHealthIndicator;
import io.rq.monitor.LocalContainers;
import io.rq.monitor.LockWarnings;
import io.rq.monitor.QueueMonitor;

/**
 * Auto-configuration for {@link RqHealthIndicator}. It is part of no group by itself, so
 * that readiness and liveness do not depend on Redis unless an application says so.
 */
@AutoConfiguration(after = RqAutoConfiguration.class)
@ConditionalOnClass({ HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class })
@ConditionalOnBean(QueueMonitor.class)
@ConditionalOnEnabledHealthIndicator("rq")
public final class RqHealthContributorAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = { "rqHealthIndicator", "rqHealthContributor" })
	RqHealthIndicator rqHealthContributor(LocalContainers local, QueueMonitor monitor, LockWarnings lockWarnings,
			RqProperties properties, ObjectProvider<Clock> clock) {
		return new RqHealthIndicator(local, monitor, lockWarnings, properties.health().maxLateness(),
				clock.getIfUnique(Clock::systemUTC));
	}

}
