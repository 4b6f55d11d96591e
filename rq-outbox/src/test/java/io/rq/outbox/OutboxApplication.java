package io.rq.outbox;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Stream;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.EventListener;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import io.rq.annotation.RqJob;
import io.rq.handler.JobListener;
import io.rq.job.Job;
import io.rq.job.JobRequest;
import io.rq.template.JobOperations;
import io.rq.template.JobsNotEnqueuedEvent;

/**
 * An application with the outbox, whose jobs note in Redis that they have run.
 */
final class OutboxApplication implements AutoCloseable {

	private final ConfigurableApplicationContext context;

	private OutboxApplication(ConfigurableApplicationContext context) {
		this.context = context;
	}

	/**
	 * Starts an application that runs no jobs, and in which the scheduler looks at the
	 * database only when it is asked to.
	 */
	static OutboxApplication start(String redis, List<String> database, String... properties) {
		List<String> all = new ArrayList<>(List.of("spring.data.redis.url=" + redis, "rq.worker.enabled=false",
				"db-scheduler.polling-interval=1h", "spring.main.banner-mode=off",
				"spring.autoconfigure.exclude=" + HibernateJpaAutoConfiguration.class.getName()));
		all.addAll(database);
		all.addAll(List.of(properties));
		return new OutboxApplication(
				new SpringApplicationBuilder(Application.class).properties(all.toArray(String[]::new))
					.run(Stream.of(properties).map((property) -> "--" + property).toArray(String[]::new)));
	}

	<T> T bean(Class<T> type) {
		return this.context.getBean(type);
	}

	JobOperations jobs() {
		return bean(JobOperations.class);
	}

	TransactionTemplate transaction() {
		return new TransactionTemplate(bean(PlatformTransactionManager.class));
	}

	/** Enqueues a job in a transaction of its own. */
	Job enqueue(String text) {
		return inTransaction((jobs) -> jobs.enqueue(note(text)));
	}

	<T> T inTransaction(Function<JobOperations, T> work) {
		return transaction().execute((status) -> work.apply(jobs()));
	}

	static JobRequest note(String text) {
		return JobRequest.of("note", text);
	}

	/** Tells those who listen before the commit. */
	void publish(JobRequest request) {
		this.context.publishEvent(request);
	}

	/** Does something between the writing of the outbox and the commit. */
	static void beforeCompletion(Runnable action) {
		TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

			@Override
			public void beforeCompletion() {
				action.run();
			}

		});
	}

	/** Does something after the end, as listeners of events do. */
	static void afterCompletion(Runnable action) {
		TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

			@Override
			public void afterCompletion(int status) {
				action.run();
			}

		});
	}

	void execute(String statement) {
		bean(JdbcTemplate.class).execute(statement);
	}

	/** How many transactions wait in the outbox. */
	int rows() {
		return number("select count(*) from scheduled_tasks");
	}

	/** How often these could not be delivered. */
	int failures() {
		return number("select coalesce(sum(consecutive_failures), 0) from scheduled_tasks");
	}

	private int number(String query) {
		Integer number = bean(JdbcTemplate.class).queryForObject(query, Integer.class);
		return (number != null) ? number : 0;
	}

	/** The ids on the queue, next one first. */
	List<String> queue() {
		return list("rq:queue:default");
	}

	/** What jobs have noted. */
	List<String> notes() {
		return list("notes");
	}

	private List<String> list(String key) {
		List<String> elements = bean(StringRedisTemplate.class).opsForList().range(key, 0, -1);
		return (elements != null) ? elements : List.of();
	}

	List<String> lost() {
		return bean(Application.class).lost;
	}

	/** The ids of jobs of which listeners know that they are in Redis. */
	List<String> heard() {
		return bean(Application.class).heard;
	}

	@Override
	public void close() {
		this.context.close();
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		private final List<String> lost = new CopyOnWriteArrayList<>();

		private final List<String> heard = new CopyOnWriteArrayList<>();

		@EventListener
		void notEnqueued(JobsNotEnqueuedEvent event) {
			event.jobs().forEach((job) -> this.lost.add(job.id()));
		}

		@Bean
		JobListener heard() {
			return new JobListener() {

				@Override
				public void enqueued(List<Job> jobs) {
					jobs.forEach((job) -> Application.this.heard.add(job.id()));
				}

			};
		}

		@Bean
		Notes notes(StringRedisTemplate redis) {
			return new Notes(redis);
		}

		@Bean
		BeforeCommit beforeCommit(JobOperations jobs) {
			return new BeforeCommit(jobs);
		}

	}

	/** Notes what it is told. */
	record Notes(StringRedisTemplate redis) {

		@RqJob(name = "note")
		void note(String text) {
			this.redis.opsForList().rightPush("notes", text);
		}

	}

	/** Asks for jobs when a transaction is about to commit. */
	record BeforeCommit(JobOperations jobs) {

		@TransactionalEventListener(phase = TransactionPhase.BEFORE_COMMIT)
		void enqueue(JobRequest request) {
			this.jobs.enqueue(request);
		}

	}

}
