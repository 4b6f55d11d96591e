package io.rq.test.autoconfigure;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

import io.rq.autoconfigure.RqAutoConfiguration;
import io.rq.autoconfigure.RqProperties;
import io.rq.cron.CronJobs;
import io.rq.handler.JobHandlerRegistry;
import io.rq.job.Partitions;
import io.rq.redis.JobStore;
import io.rq.serializer.JobSerializer;
import io.rq.template.JobTemplate;
import io.rq.test.run.AfterEnqueue;
import io.rq.test.run.EnqueuedLog;
import io.rq.test.run.OwnJobs;
import io.rq.test.run.RqTestTemplate;
import io.rq.test.run.RunLog;
import io.rq.test.run.TestJobs;
import io.rq.worker.InlineRuns;
import io.rq.worker.InlineRunsFactory;
import io.rq.worker.WorkerContainer;

/**
 * Auto-configuration for tests of applications that use RQ.
 */
@AutoConfiguration(before = RqAutoConfiguration.class, after = DataRedisAutoConfiguration.class)
@Import({ RecordedJobsConfiguration.class, RedisJobsConfiguration.class })
public final class RqTestAutoConfiguration {

	@Bean
	EnqueuedLog rqEnqueuedLog() {
		return new EnqueuedLog();
	}

	@Bean
	RunLog rqRunLog() {
		return new RunLog();
	}

	@Bean
	AfterEnqueue rqAfterEnqueue(RqProperties properties, ObjectProvider<InlineRuns> runs) {
		return properties.template().inline() ? AfterEnqueue.run(runs::getObject) : AfterEnqueue.WAIT;
	}

	@Bean
	JobStore rqJobStore(TestJobs jobs) {
		return jobs.store();
	}

	@Bean
	InlineRuns rqInlineRuns(TestJobs jobs, InlineRunsFactory runs) {
		return runs.create(jobs.executions(), jobs.time());
	}

	@Bean
	OwnJobs rqOwnJobs(JobHandlerRegistry handlers, ObjectProvider<WorkerContainer> workers, Partitions partitions,
			JobSerializer serializer) {
		return new OwnJobs(handlers,
				() -> workers.stream().flatMap((worker) -> worker.options().queues().stream()).toList(), partitions,
				serializer);
	}

	@Bean
	RqTestTemplate rqTestTemplate(JobTemplate template, JobSerializer serializer, TestJobs jobs, EnqueuedLog enqueued,
			RunLog runLog, InlineRuns runs, OwnJobs own, ObjectProvider<CronJobs> cronJobs) {
		return new RqTestTemplate(template, serializer, jobs, new RqTestTemplate.Logs(enqueued, runLog), runs, own,
				cronJobs.getIfAvailable());
	}

}
