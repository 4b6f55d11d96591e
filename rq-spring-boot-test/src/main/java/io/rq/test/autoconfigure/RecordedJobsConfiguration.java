package io.rq.test.autoconfigure;

import java.time.Clock;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.rq.autoconfigure.RqProperties;
import io.rq.autoconfigure.RqRedis;
import io.rq.job.Partitions;
import io.rq.redis.AwaitedResults;
import io.rq.template.QueueOperations;
import io.rq.template.QueueTemplate;
import io.rq.test.recording.NoRedis;
import io.rq.test.recording.RecordedJobs;
import io.rq.test.run.AfterEnqueue;
import io.rq.test.run.EnqueuedLog;
import io.rq.test.run.TestJobs;

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
	TestJobs rqTestJobs(RecordedJobs recorded) {
		return recorded.jobs();
	}

	@Bean
	AwaitedResults rqRecordedOutcomes(RecordedJobs recorded) {
		return recorded.outcomes();
	}

	@Bean
	@ConditionalOnMissingBean(QueueOperations.class)
	QueueTemplate rqRecordedQueues(RecordedJobs recorded, RqProperties properties, Partitions partitions) {
		return recorded.queues(properties.job().failureTtl(), partitions);
	}

}
