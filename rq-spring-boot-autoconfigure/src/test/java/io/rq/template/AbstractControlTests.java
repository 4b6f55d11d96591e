package io.rq.template;

import java.lang.reflect.Method;
import java.time.Clock;
import java.time.Duration;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

import io.rq.job.JobDefinition;
import io.rq.job.JobDefinitions;
import io.rq.job.JobOptions;
import io.rq.redis.JobStore;
import io.rq.redis.RedisScripts;
import io.rq.redis.SchedulerStore;
import io.rq.serializer.JacksonJobSerializer;
import io.rq.serializer.JobSerializer;
import io.rq.test.RedisTest;
import io.rq.test.TestRedis;
import io.rq.test.TestStores;

/**
 * What the tests of control over jobs and queues share: a template on a real Redis.
 */
@RedisTest
abstract class AbstractControlTests {

	static final long MAX_PAYLOAD = 10_000;

	final TestRedis redis;

	final StringRedisTemplate template;

	final JobTemplate jobs;

	AbstractControlTests(TestRedis redis) {
		this.redis = redis;
		this.template = new StringRedisTemplate(redis.connectionFactory());
		this.jobs = jobs(redis.connectionFactory());
	}

	static JobTemplate jobs(RedisConnectionFactory connections) {
		RedisScripts scripts = TestStores.scripts(connections);
		Clock clock = Clock.systemUTC();
		JobStore store = TestStores.jobs(scripts, clock);
		SchedulingWatch watch = new SchedulingWatch(new SchedulerStore(scripts, clock), (queue) -> true,
				(queue) -> false);
		JobSerializer serializer = new JacksonJobSerializer(JsonMapper.builder().build());
		return new JobTemplate(store, watch, serializer, new NoDefinitions(),
				new TemplateOptions("default", JobOptions.NONE.withTimeout(Duration.ofSeconds(180)), MAX_PAYLOAD),
				clock, TestStores.results(scripts));
	}

	private static final class NoDefinitions implements JobDefinitions {

		@Override
		public @Nullable JobDefinition find(String name) {
			return null;
		}

		@Override
		public JobDefinition get(Class<?> type, Method method) {
			throw new IllegalArgumentException(method + " is no job");
		}

	}

}
