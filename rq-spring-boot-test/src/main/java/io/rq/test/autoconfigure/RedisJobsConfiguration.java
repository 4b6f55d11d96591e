package io.rq.test.autoconfigure;

import java.time.Clock;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisConnectionFactory;

import io.rq.autoconfigure.RqProperties;
import io.rq.autoconfigure.RqRedis;
import io.rq.test.redis.RedisJobs;
import io.rq.test.run.AfterEnqueue;
import io.rq.test.run.EnqueuedLog;
import io.rq.test.run.TestJobs;

/**
 * Configuration of jobs on a Redis.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnMissingBean(TestJobs.class)
class RedisJobsConfiguration {

	@Bean
	TestJobs rqTestJobs(ObjectProvider<RedisConnectionFactory> connections,
			@RqRedis ObjectProvider<RedisConnectionFactory> rqConnections, RqProperties properties,
			ObjectProvider<Clock> clock, EnqueuedLog log, AfterEnqueue afterwards) {
		RedisConnectionFactory chosen = rqConnections.getIfUnique(connections::getObject);
		return RedisJobs.of(chosen, properties.keyPrefix(), properties.job().maxPayloadSize().toBytes(),
				clock.getIfUnique(Clock::systemUTC), log, afterwards);
	}

}
