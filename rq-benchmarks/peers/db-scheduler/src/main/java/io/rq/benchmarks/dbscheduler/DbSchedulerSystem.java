package io.rq.benchmarks.dbscheduler;

import java.io.IOException;
import java.io.Serializable;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.FailureHandler.MaxRetriesFailureHandler;
import com.github.kagkarlsson.scheduler.task.FailureHandler.OnFailureRetryLater;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariDataSource;
import io.rq.benchmarks.harness.BenchmarkJob;
import io.rq.benchmarks.harness.Feature;
import io.rq.benchmarks.harness.Payload;
import io.rq.benchmarks.harness.SystemMain;
import io.rq.benchmarks.harness.SystemUnderTest;

/**
 * db-scheduler on PostgreSQL with its strategy for high throughput (lock and fetch).
 */
final class DbSchedulerSystem implements SystemUnderTest {

	private static final Duration POLLING = Duration.ofMillis(100);

	/** Fetches again when fewer than so many times the threads are waiting. */
	private static final double LOWER = 4;

	/** Fetches up to so many times the threads. */
	private static final double UPPER = 20;

	private final HikariDataSource dataSource = new HikariDataSource();

	private final OneTimeTask<JobData> task = Tasks.oneTime("bench", JobData.class)
		.onFailure(new MaxRetriesFailureHandler<>(2,
				new OnFailureRetryLater<>(Duration.ofSeconds(BenchmarkJob.RETRY_SECONDS))))
		.execute((instance, context) -> BenchmarkJob.run(instance.getData().text(), instance.getData().number()));

	private SchedulerClient client;

	private Scheduler scheduler;

	private DbSchedulerSystem() {
		this.dataSource.setJdbcUrl(SystemUnderTest.jdbcUrl());
		this.dataSource.setMaximumPoolSize(16);
	}

	public static void main(String[] args) throws IOException {
		SystemMain.run(new DbSchedulerSystem());
	}

	@Override
	public String version() {
		return SystemUnderTest.versionOf(Scheduler.class);
	}

	@Override
	public Set<Feature> features() {
		return EnumSet.allOf(Feature.class);
	}

	@Override
	public void openProducer() throws SQLException {
		execute("drop table if exists scheduled_tasks");
		execute("""
				create table scheduled_tasks (
				  task_name text not null,
				  task_instance text not null,
				  task_data bytea,
				  execution_time timestamp with time zone not null,
				  picked boolean not null,
				  picked_by text,
				  last_success timestamp with time zone,
				  last_failure timestamp with time zone,
				  consecutive_failures int,
				  last_heartbeat timestamp with time zone,
				  version bigint not null,
				  priority smallint,
				  state text,
				  primary key (task_name, task_instance)
				)""");
		execute("create index execution_time_idx on scheduled_tasks (execution_time)");
		execute("create index last_heartbeat_idx on scheduled_tasks (last_heartbeat)");
		this.client = SchedulerClient.Builder.create(this.dataSource, this.task).build();
	}

	@Override
	public void clear() throws SQLException {
		execute("truncate scheduled_tasks");
	}

	private void execute(String sql) throws SQLException {
		try (Connection connection = this.dataSource.getConnection();
				Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	@Override
	public void enqueue(Payload job) {
		this.client.schedule(instance(job), Instant.now());
	}

	@Override
	public void enqueueAll(List<Payload> jobs) {
		List<TaskInstance<?>> instances = new ArrayList<>(jobs.size());
		for (Payload job : jobs) {
			instances.add(instance(job));
		}
		this.client.scheduleBatch(instances, Instant.now());
	}

	@Override
	public void schedule(Payload job, Duration delay) {
		this.client.schedule(instance(job), Instant.now().plus(delay));
	}

	@Override
	public void enqueueRetryable(Payload job) {
		enqueue(job);
	}

	private TaskInstance<JobData> instance(Payload job) {
		return this.task.instance(UUID.randomUUID().toString(), new JobData(job.text(), job.number()));
	}

	@Override
	public void startWorker(int concurrency) {
		this.scheduler = Scheduler.create(this.dataSource, this.task)
			.threads(concurrency)
			.pollingInterval(POLLING)
			.pollUsingLockAndFetch(LOWER, UPPER)
			.build();
		this.scheduler.start();
	}

	@Override
	public void stopWorker() {
		this.scheduler.stop();
	}

	/**
	 * The data of a task.
	 *
	 * @param text the text of the payload
	 * @param number the number of the payload
	 */
	record JobData(String text, int number) implements Serializable {

	}

}
