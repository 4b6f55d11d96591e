package io.rq.outbox.autoconfigure;

import java.util.Optional;

import javax.sql.DataSource;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.boot.autoconfigure.DbSchedulerAutoConfiguration;
import com.github.kagkarlsson.scheduler.boot.config.DbSchedulerCustomizer;
import com.github.kagkarlsson.scheduler.boot.config.DbSchedulerProperties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseBuilder;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseType;
import org.springframework.mock.env.MockEnvironment;

import io.rq.autoconfigure.RqAutoConfiguration;
import io.rq.outbox.DbSchedulerOutbox;
import io.rq.template.JobOperations;
import io.rq.template.JobOutbox;

import static java.time.Duration.ofDays;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link RqOutboxAutoConfiguration}. No job is delivered, so no Redis is there.
 */
class RqOutboxAutoConfigurationTests {

	private final ApplicationContextRunner withoutDatabase = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, JacksonAutoConfiguration.class,
				RqAutoConfiguration.class, RqOutboxAutoConfiguration.class, DbSchedulerAutoConfiguration.class))
		.withPropertyValues("rq.worker.enabled=false", "db-scheduler.delay-startup-until-context-ready=true");

	private final ApplicationContextRunner runner = this.withoutDatabase
		.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class))
		.withPropertyValues("spring.datasource.generate-unique-name=true");

	@Test
	void anEmbeddedDatabaseGetsItsTable() {
		this.runner.run((context) -> {
			assertThat(context).hasSingleBean(DbSchedulerOutbox.class).hasSingleBean(Scheduler.class);
			assertThat(
					new JdbcTemplate(context.getBean(DataSource.class)).queryForList("select * from scheduled_tasks"))
				.isEmpty();
			assertThat(context.getBean(OutboxProperties.class).getMarkerTtl()).isEqualTo(ofDays(7));
		});
	}

	@Test
	void aMissingTableEndsTheStartAndSaysWhatToDo() {
		this.runner.withPropertyValues("rq.outbox.initialize-schema=never").run((context) -> {
			FailureAnalysis analysis = analyze(context.getStartupFailure());
			assertThat(analysis.getDescription())
				.isEqualTo("The outbox has no table 'scheduled_tasks' in the database.");
			assertThat(analysis.getAction()).contains("rq.outbox.initialize-schema", "migrations",
					"rq.outbox.enabled=false");
		});
	}

	@Test
	void itIsTheTableThatTheSchedulerUses() {
		this.runner.withPropertyValues("db-scheduler.table-name=other")
			.run((context) -> assertThat(analyze(context.getStartupFailure()).getDescription()).contains("'other'"));
	}

	@Test
	void aMissingSchedulerEndsTheStart() {
		this.runner.withPropertyValues("db-scheduler.enabled=false").run((context) -> {
			FailureAnalysis analysis = analyze(context.getStartupFailure());
			assertThat(analysis.getDescription()).contains("no scheduler");
			assertThat(analysis.getAction()).contains("db-scheduler.enabled");
		});
	}

	private static FailureAnalysis analyze(Throwable failure) {
		FailureAnalysis analysis = new UnusableOutboxFailureAnalyzer().analyze(failure);
		assertThat(analysis).isNotNull();
		return analysis;
	}

	@Test
	void itCanBeSwitchedOff() {
		this.runner.withPropertyValues("rq.outbox.enabled=false", "db-scheduler.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(JobOperations.class)
				.doesNotHaveBean(JobOutbox.class)
				.doesNotHaveBean(Scheduler.class));
	}

	@Test
	void withoutADatabaseThereIsNone() {
		this.withoutDatabase.run((context) -> assertThat(context).hasNotFailed()
			.hasSingleBean(JobOperations.class)
			.doesNotHaveBean(JobOutbox.class));
	}

	@Test
	void withoutRqThereIsNone() {
		this.runner.withPropertyValues("rq.enabled=false", "db-scheduler.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(JobOutbox.class));
	}

	@Test
	void theApplicationMayBringItsOwn() {
		JobOutbox own = mock();
		this.runner.withBean(JobOutbox.class, () -> own)
			.withPropertyValues("db-scheduler.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().getBean(JobOutbox.class).isSameAs(own));
	}

	@Test
	void theDatabaseIsTheOneOfTheScheduler() {
		DataSource other = new EmbeddedDatabaseBuilder().generateUniqueName(true)
			.setType(EmbeddedDatabaseType.H2)
			.build();
		this.runner.withBean(DbSchedulerCustomizer.class, () -> new DbSchedulerCustomizer() {

			@Override
			public Optional<DataSource> dataSource() {
				return Optional.of(other);
			}

		}).run((context) -> {
			assertThat(context).hasSingleBean(DbSchedulerOutbox.class);
			assertThat(new JdbcTemplate(other).queryForList("select * from scheduled_tasks")).isEmpty();
			assertThatExceptionOfType(BadSqlGrammarException.class)
				.isThrownBy(() -> new JdbcTemplate(context.getBean(DataSource.class))
					.queryForList("select * from scheduled_tasks"));
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "0", "500ms", "1500ms", "36526d", "9223372036854775807s" })
	void aMarkerThatWouldNotLastOrLastsTooLongIsRefused(String ttl) {
		this.runner.withPropertyValues("rq.outbox.marker-ttl=" + ttl)
			.run((context) -> assertThat(context.getStartupFailure()).rootCause()
				.hasMessageContaining("rq.outbox.marker-ttl"));
	}

	@Test
	void aMarkerWithoutAUnitLastsSeconds() {
		this.runner.withPropertyValues("rq.outbox.marker-ttl=3600")
			.run((context) -> assertThat(context.getBean(OutboxProperties.class).getMarkerTtl()).hasHours(1));
	}

	@Test
	void defaultsOfTheSchedulerAreSetBehindThoseOfTheApplication() {
		MockEnvironment environment = new MockEnvironment();
		new SchedulerDefaults().postProcessEnvironment(environment, new SpringApplication());
		assertThat(environment.getProperty("db-scheduler.heartbeat-interval")).isEqualTo("10s");
		environment.setProperty("db-scheduler.heartbeat-interval", "1m");
		assertThat(environment.getProperty("db-scheduler.heartbeat-interval")).isEqualTo("1m");
		this.runner
			.withInitializer((context) -> new SchedulerDefaults().postProcessEnvironment(context.getEnvironment(),
					new SpringApplication()))
			.run((context) -> assertThat(context.getBean(DbSchedulerProperties.class).getHeartbeatInterval())
				.hasSeconds(10));
	}

}
