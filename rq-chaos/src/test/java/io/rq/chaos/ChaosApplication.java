package io.rq.chaos;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;

import javax.sql.DataSource;

import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.transaction.support.TransactionOperations;

import io.rq.job.DuplicateJobException;
import io.rq.job.JobRequest;
import io.rq.template.JobTemplate;
import io.rq.test.JavaProcess;

/**
 * An application as a user has it: a worker, a scheduler or a producer, as its properties
 * say, which writes into the ledger what it does.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration(exclude = DataSourceAutoConfiguration.class)
class ChaosApplication {

	public static void main(String[] args) throws IOException {
		SpringApplication application = new SpringApplication(ChaosApplication.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.run(args);
		JavaProcess.endWithParent();
	}

	@Bean
	Ledger ledger(Environment environment) {
		return new Ledger(environment.getRequiredProperty("ledger.port", Integer.class));
	}

	@Bean
	ChaosJobs jobs(Ledger ledger, Environment environment) {
		return new ChaosJobs(ledger, environment.getRequiredProperty("spring.application.name"));
	}

	@Bean
	@ConditionalOnProperty("clock.offset")
	Clock clock(Environment environment) {
		return Clock.offset(Clock.systemUTC(), environment.getRequiredProperty("clock.offset", Duration.class));
	}

	/** Brings the outbox. */
	@Bean
	@ConditionalOnProperty("database.url")
	DataSource database(Environment environment) {
		return DataSourceBuilder.create().url(environment.getRequiredProperty("database.url")).build();
	}

	@Bean
	@ConditionalOnProperty("load.every")
	Load load(JobTemplate jobs, TransactionOperations transactions, Ledger ledger, Environment environment) {
		return new Load(jobs, transactions, ledger, environment.getRequiredProperty("spring.application.name"),
				environment.getRequiredProperty("load.address"),
				environment.getRequiredProperty("load.every", Duration.class));
	}

	@Bean
	@ConditionalOnProperty("poison.id")
	ApplicationRunner poison(JobTemplate jobs, Environment environment) {
		return (arguments) -> {
			try {
				jobs.enqueue(JobRequest.of(ChaosJobs.POISON).id(environment.getRequiredProperty("poison.id")).unique());
			}
			catch (DuplicateJobException ex) {
				// it has killed the process before this one
			}
		};
	}

	@Bean
	@ConditionalOnProperty("gauges.every")
	Gauges gauges(Ledger ledger, Environment environment) {
		return new Gauges(ledger, environment.getRequiredProperty("spring.application.name"),
				environment.getRequiredProperty("gauges.every", Duration.class));
	}

}
