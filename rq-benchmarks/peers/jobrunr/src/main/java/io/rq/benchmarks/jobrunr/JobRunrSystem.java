package io.rq.benchmarks.jobrunr;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import com.zaxxer.hikari.HikariDataSource;
import io.rq.benchmarks.harness.BenchmarkJob;
import io.rq.benchmarks.harness.Feature;
import io.rq.benchmarks.harness.Payload;
import io.rq.benchmarks.harness.SystemMain;
import io.rq.benchmarks.harness.SystemUnderTest;
import org.jobrunr.configuration.JobRunr;
import org.jobrunr.configuration.JobRunrConfiguration;
import org.jobrunr.jobs.filters.RetryFilter;
import org.jobrunr.jobs.lambdas.JobRequest;
import org.jobrunr.jobs.lambdas.JobRequestHandler;
import org.jobrunr.scheduling.JobRequestScheduler;
import org.jobrunr.server.BackgroundJobServerConfiguration;
import org.jobrunr.storage.StorageProvider;
import org.jobrunr.storage.sql.common.SqlStorageProviderFactory;

/**
 * JobRunr on PostgreSQL, with typed requests, which skip its analysis of lambdas. The
 * free edition polls at most every five seconds for what is due.
 */
final class JobRunrSystem implements SystemUnderTest {

	private static final Duration POLLING = Duration.ofSeconds(5);

	private final HikariDataSource dataSource = new HikariDataSource();

	private final StorageProvider storage;

	private JobRequestScheduler scheduler;

	private JobRunrSystem() {
		this.dataSource.setJdbcUrl(SystemUnderTest.jdbcUrl());
		this.dataSource.setMaximumPoolSize(16);
		this.storage = SqlStorageProviderFactory.using(this.dataSource);
	}

	public static void main(String[] args) throws IOException {
		SystemMain.run(new JobRunrSystem());
	}

	@Override
	public String version() {
		return SystemUnderTest.versionOf(JobRunr.class);
	}

	@Override
	public Set<Feature> features() {
		return EnumSet.allOf(Feature.class);
	}

	@Override
	public void openProducer() throws SQLException {
		clear();
		this.scheduler = configure().initialize().getJobRequestScheduler();
	}

	@Override
	public void clear() throws SQLException {
		try (Connection connection = this.dataSource.getConnection();
				Statement statement = connection.createStatement()) {
			statement.execute("truncate jobrunr_jobs");
		}
	}

	private JobRunrConfiguration configure() {
		return JobRunr.configure()
			.useStorageProvider(this.storage)
			.withJobFilter(new RetryFilter(1, (int) BenchmarkJob.RETRY_SECONDS));
	}

	@Override
	public void enqueue(Payload job) {
		this.scheduler.enqueue(CountRequest.of(job));
	}

	@Override
	public void enqueueAll(List<Payload> jobs) {
		this.scheduler.enqueue(jobs.stream().map(CountRequest::of));
	}

	@Override
	public void schedule(Payload job, Duration delay) {
		this.scheduler.schedule(Instant.now().plus(delay), CountRequest.of(job));
	}

	@Override
	public void enqueueRetryable(Payload job) {
		enqueue(job);
	}

	@Override
	public void startWorker(int concurrency) {
		configure()
			.useBackgroundJobServer(BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration()
				.andPollInterval(POLLING)
				.andWorkerCount(concurrency))
			.initialize();
	}

	@Override
	public void stopWorker() {
		JobRunr.destroy();
	}

	/**
	 * The request as JobRunr stores it.
	 *
	 * @param text the text of the payload
	 * @param number the number of the payload
	 */
	public record CountRequest(String text, int number) implements JobRequest {

		static CountRequest of(Payload payload) {
			return new CountRequest(payload.text(), payload.number());
		}

		@Override
		public Class<CountHandler> getJobRequestHandler() {
			return CountHandler.class;
		}

	}

	/**
	 * Runs the request.
	 */
	public static final class CountHandler implements JobRequestHandler<CountRequest> {

		@Override
		public void run(CountRequest request) {
			BenchmarkJob.run(request.text(), request.number());
		}

	}

}
