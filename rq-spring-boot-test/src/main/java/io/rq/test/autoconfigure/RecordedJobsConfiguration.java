package io.rq.test.autoconfigure;

import java.time.Clock;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.rq.autoconfigure.RqRedis;
import io.rq.redis.JobStore;
import io.rq.test.recording.NoRedis;
import io.rq.test.recording.RecordedJobs;
import io.rq.test.run.AfterEnqueue;
import io.rq.test.run.Backlog;
import io.rq.test.run.EnqueuedLog;
import io.rq.worker.InlineRuns;
import io.rq.worker.InlineRunsFactory;

/**
 * Configuration of jobs in memory.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "rq.test.redis", havingValue = "none", matchIfMissing = true)
class RecordedJobsConfiguration {

	@RqRedis
	@Bean(defaultCandidate = false)
	NoRedis rqNoRedis() {
		return new NoRedis();
	}

	@Bean
	RecordedJobs rqRecordedJobs(ObjectProvider<Clock> clock, EnqueuedLog log, AfterEnqueue afterwards) {
		return new RecordedJobs(clock.getIfUnique(Clock::systemUTC), log, afterwards);
	}

	@Bean
	JobStore rqJobStore(RecordedJobs jobs) {
		return jobs.store();
	}

	@Bean
	Backlog rqBacklog(RecordedJobs jobs) {
		return jobs.backlog();
	}

	@Bean
	InlineRuns rqInlineRuns(RecordedJobs jobs, InlineRunsFactory runs) {
		return runs.create(jobs.executions(), jobs.time());
	}

}
