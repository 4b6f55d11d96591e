package io.rq.outbox.autoconfigure;

import java.time.Duration;
import java.util.Optional;

import javax.sql.DataSource;

import com.github.kagkarlsson.scheduler.Clock;
import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SystemClock;
import com.github.kagkarlsson.scheduler.boot.autoconfigure.DbSchedulerAutoConfiguration;
import com.github.kagkarlsson.scheduler.boot.config.DbSchedulerConfigurationSupport;
import com.github.kagkarlsson.scheduler.boot.config.DbSchedulerCustomizer;
import com.github.kagkarlsson.scheduler.boot.config.DbSchedulerProperties;
import com.github.kagkarlsson.scheduler.serializer.Serializer;
import com.github.kagkarlsson.scheduler.task.Task;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.init.PropertiesBasedDataSourceScriptDatabaseInitializer;
import org.springframework.boot.sql.init.dependency.DatabaseInitializationDependencyConfigurer;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

import io.rq.autoconfigure.ConditionalOnFlag;
import io.rq.autoconfigure.RqAutoConfiguration;
import io.rq.job.JobOptions;
import io.rq.outbox.DbSchedulerOutbox;
import io.rq.outbox.JsonTextSerializer;
import io.rq.outbox.OutboxTask;
import io.rq.outbox.OutboxTransaction;
import io.rq.outbox.WrittenJobs;
import io.rq.template.JobOutbox;
import io.rq.template.OutboxDelivery;

/**
 * Auto-configuration for the outbox. The application's own scheduler carries it, if there
 * is one.
 */
@AutoConfiguration(after = { DataSourceAutoConfiguration.class, RqAutoConfiguration.class },
		before = DbSchedulerAutoConfiguration.class)
@ConditionalOnBean({ DataSource.class, OutboxDelivery.class })
@ConditionalOnMissingBean(JobOutbox.class)
@ConditionalOnFlag(value = "rq.outbox.enabled", matchIfMissing = true)
@Import(DatabaseInitializationDependencyConfigurer.class)
@EnableConfigurationProperties({ OutboxProperties.class, DbSchedulerProperties.class })
public final class RqOutboxAutoConfiguration {

	@Bean
	PropertiesBasedDataSourceScriptDatabaseInitializer<OutboxProperties> rqOutboxDatabaseInitializer(
			DbSchedulerCustomizer scheduler, DataSource dataSource, OutboxProperties properties) {
		return new PropertiesBasedDataSourceScriptDatabaseInitializer<>(scheduler.dataSource().orElse(dataSource),
				properties);
	}

	@Bean
	@DependsOnDatabaseInitialization
	DbSchedulerOutbox rqOutbox(ObjectProvider<Scheduler> scheduler, DbSchedulerCustomizer customizer,
			DataSource dataSource, DbSchedulerProperties properties, ObjectProvider<Clock> clock) {
		DataSource own = customizer.dataSource().orElse(dataSource);
		new OutboxTable(properties.getTableName()).requireIn(own);
		return new DbSchedulerOutbox(scheduler::getObject, new OutboxTransaction(own),
				() -> clock.getIfUnique(SystemClock::new).now());
	}

	@Bean
	Task<WrittenJobs> rqOutboxTask(OutboxDelivery delivery, OutboxProperties properties) {
		Duration ttl = properties.getMarkerTtl();
		if (ttl.getNano() != 0 || ttl.getSeconds() < 1) {
			throw new InvalidConfigurationPropertyValueException("rq.outbox.marker-ttl", ttl,
					"It must be a whole number of seconds, at least 1.");
		}
		if (ttl.compareTo(JobOptions.LONGEST) > 0) {
			throw new InvalidConfigurationPropertyValueException("rq.outbox.marker-ttl", ttl,
					"It must not be longer than " + JobOptions.LONGEST.toDays() + " days (100 years).");
		}
		return OutboxTask.create(delivery, ttl);
	}

	@Bean
	SmartInitializingSingleton rqOutboxSchedulerCheck(ObjectProvider<Scheduler> scheduler) {
		return () -> {
			if (scheduler.getIfAvailable() == null) {
				throw new UnusableOutboxException("The outbox has no scheduler that delivers what it writes",
						"Set 'db-scheduler.enabled' to true, or declare a Scheduler with the tasks of the application "
								+ "context. 'rq.outbox.enabled=false' does without the outbox.",
						null);
			}
		};
	}

	@Bean
	@ConditionalOnMissingBean
	DbSchedulerCustomizer rqOutboxSchedulerCustomizer() {
		return new DbSchedulerCustomizer() {

			@Override
			public Optional<Serializer> serializer() {
				return Optional.of(new JsonTextSerializer(DbSchedulerConfigurationSupport.SPRING_JAVA_SERIALIZER));
			}

		};
	}

}
