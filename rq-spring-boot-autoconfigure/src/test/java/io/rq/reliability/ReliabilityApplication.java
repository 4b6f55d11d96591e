package io.rq.reliability;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

import io.rq.annotation.RqJob;
import io.rq.handler.JobContext;

/**
 * An application with a worker as a user has it, which writes each run into the ledger.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class ReliabilityApplication {

	static final String WORK = "work";

	static final String POISON = "poison";

	public static void main(String[] args) {
		SpringApplication application = new SpringApplication(ReliabilityApplication.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.run(args);
	}

	@Bean
	Ledger ledger(Environment environment) {
		return new Ledger(environment.getRequiredProperty("ledger.port", Integer.class));
	}

	@Bean
	Jobs jobs(Ledger ledger, Environment environment) {
		return new Jobs(ledger, environment.getRequiredProperty("spring.application.name"));
	}

	@Bean
	@ConditionalOnProperty("clock.offset")
	Clock clock(Environment environment) {
		return Clock.offset(Clock.systemUTC(), environment.getRequiredProperty("clock.offset", Duration.class));
	}

	/**
	 * The jobs.
	 */
	static class Jobs {

		private final Ledger ledger;

		private final String process;

		Jobs(Ledger ledger, String process) {
			this.ledger = ledger;
			this.process = process;
		}

		@RqJob(name = WORK)
		void work(JobContext context, long millis) throws InterruptedException {
			this.ledger.started(context.job().id(), context.executionId(), this.process);
			TimeUnit.MILLISECONDS.sleep(millis);
			this.ledger.ended(context.job().id(), context.executionId(), this.process);
		}

		@RqJob(name = POISON)
		void poison(JobContext context) {
			this.ledger.started(context.job().id(), context.executionId(), this.process);
			Runtime.getRuntime().halt(1);
		}

	}

}
