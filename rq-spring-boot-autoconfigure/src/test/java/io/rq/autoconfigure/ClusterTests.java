package io.rq.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import redis.clients.jedis.Jedis;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.DataAccessException;

import io.rq.annotation.RqJob;
import io.rq.job.Job;
import io.rq.job.JobRequest;
import io.rq.job.JobStatus;
import io.rq.template.JobTemplate;
import io.rq.test.RedisClients;
import io.rq.test.TestCluster;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application whose jobs lie in one slot of a Redis Cluster, of which it knows a node
 * that does not have it.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "sends POSIX signals")
class ClusterTests {

	private static final String PREFIX = "{rq}";

	private static final Duration SOON = Duration.ofSeconds(30);

	private final TestCluster cluster = TestCluster.start();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, JacksonAutoConfiguration.class,
				RqAutoConfiguration.class))
		.withUserConfiguration(Application.class)
		.withPropertyValues("spring.data.redis.client-type=" + RedisClients.name(),
				"spring.data.redis.cluster.nodes=%s:%d".formatted(this.cluster.other(PREFIX).host(),
						this.cluster.other(PREFIX).port()),
				"spring.data.redis.timeout=2s", "rq.layout=rq", "rq.key-prefix=" + PREFIX);

	@AfterEach
	void close() {
		this.cluster.close();
	}

	/** W42. */
	@Test
	void jobsRunAreTriedAgainAndStartWhenDue() {
		this.runner.run((context) -> {
			JobTemplate jobs = context.getBean(JobTemplate.class);
			List<Job> all = new ArrayList<>(
					jobs.enqueueAll(List.of(JobRequest.of(Jobs::once, "a"), JobRequest.of(Jobs::once, "b"))));
			all.add(jobs.enqueue(Jobs::failsFirst, "c"));
			all.add(jobs.enqueueIn(Duration.ofSeconds(1), Jobs::once, "d"));
			finished(jobs, all.stream().map(Job::id).toList());
			try (Jedis owner = new Jedis(this.cluster.owner(PREFIX).host(), this.cluster.owner(PREFIX).port());
					Jedis other = new Jedis(this.cluster.other(PREFIX).host(), this.cluster.other(PREFIX).port())) {
				assertThat(owner.keys("{rq}:job:*")).hasSize(4);
				assertThat(owner.keys("*")).allMatch((key) -> key.startsWith("{rq}:"));
				assertThat(other.keys("*")).isEmpty();
			}
		});
	}

	@Test
	void jobsGoOnAtTheReplicaThatTakesThePlaceOfAKilledOwner() {
		this.runner.run((context) -> {
			JobTemplate jobs = context.getBean(JobTemplate.class);
			finished(jobs, jobs.enqueue(Jobs::once, "before").id());
			this.cluster.owner(PREFIX).kill();
			this.cluster.takeOver(PREFIX);
			finished(jobs, accepted(jobs));
		});
	}

	@Test
	void jobsGoOnWhenTheOwnerIsFrozenAndFollowsItsReplicaLater() {
		this.runner.run((context) -> {
			JobTemplate jobs = context.getBean(JobTemplate.class);
			finished(jobs, jobs.enqueue(Jobs::once, "before").id());
			this.cluster.owner(PREFIX).pause();
			this.cluster.takeOver(PREFIX);
			String meanwhile = accepted(jobs);
			finished(jobs, meanwhile);
			this.cluster.owner(PREFIX).resume();
			List<String> later = new ArrayList<>();
			for (int i = 0; i < 100; i++) {
				later.add(jobs.enqueue(Jobs::once, "later " + i).id());
			}
			finished(jobs, later);
		});
	}

	@Test
	void noJobIsLostOrDoubledWhenTheOwnerHandsOverOnRequest() {
		this.runner.run((context) -> {
			JobTemplate jobs = context.getBean(JobTemplate.class);
			List<String> ids = new ArrayList<>();
			for (int i = 0; i < 400; i++) {
				ids.add(jobs.enqueue(Jobs::once, "job " + i).id());
				if (i == 200) {
					this.cluster.handOver(PREFIX);
				}
			}
			finished(jobs, ids);
			assertThat(context.getBean(Jobs.class).runs.get()).isEqualTo(400);
		});
	}

	private static String accepted(JobTemplate jobs) {
		List<String> ids = new ArrayList<>();
		Awaitility.await().atMost(SOON).ignoreExceptionsInstanceOf(DataAccessException.class).until(() -> {
			ids.add(jobs.enqueue(Jobs::once, "meanwhile").id());
			return true;
		});
		return ids.get(0);
	}

	private static void finished(JobTemplate jobs, String id) {
		finished(jobs, List.of(id));
	}

	private static void finished(JobTemplate jobs, List<String> ids) {
		Awaitility.await()
			.atMost(SOON)
			.ignoreExceptionsInstanceOf(DataAccessException.class)
			.untilAsserted(() -> assertThat(jobs.findAll(ids)).hasSize(ids.size())
				.extracting(Job::status)
				.containsOnly(JobStatus.FINISHED));
	}

	@Configuration(proxyBeanMethods = false)
	static class Application {

		@Bean
		Jobs testJobs() {
			return new Jobs();
		}

	}

	static class Jobs {

		private final AtomicInteger runs = new AtomicInteger();

		private final Set<String> failed = ConcurrentHashMap.newKeySet();

		@RqJob
		void once(String name) {
			this.runs.incrementAndGet();
		}

		@RqJob(retries = 1, intervals = 1)
		void failsFirst(String name) {
			if (this.failed.add(name)) {
				throw new IllegalStateException("at first");
			}
		}

	}

}
