package io.rq.scheduler;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

import io.rq.job.Job;
import io.rq.job.JobOptions;
import io.rq.job.JobPayload;
import io.rq.job.JobRun;
import io.rq.job.JobStatus;
import io.rq.job.JobTimes;
import io.rq.job.NewJob;
import io.rq.lifecycle.TimeSource;
import io.rq.redis.JobStore;
import io.rq.redis.SchedulerStore;
import io.rq.redis.SchedulerWakeUps;
import io.rq.test.TestStores;

import static io.rq.test.TestStores.key;

/**
 * Schedules jobs, runs schedulers and looks at what they did.
 */
final class SchedulerFixture implements AutoCloseable {

	static final Duration LONG = Duration.ofSeconds(60);

	/** On which schedulers hear wake-ups. */
	static final String WAKE = "rq:scheduler-wake";

	private final RedisConnectionFactory connections;

	private final StringRedisTemplate redis;

	private final JobStore jobs;

	private final List<SchedulerContainer> containers = new ArrayList<>();

	SchedulerFixture(RedisConnectionFactory connections) {
		this.connections = connections;
		this.redis = new StringRedisTemplate(connections);
		this.jobs = TestStores.jobs(TestStores.scripts(connections), Clock.systemUTC());
	}

	SchedulerContainer container(Duration interval, Duration lease, String... queues) {
		return container(store(), interval, lease, List.of(), queues);
	}

	SchedulerContainer container(SchedulerStore store, Duration interval, Duration lease,
			List<SchedulerListener> listeners, String... queues) {
		SchedulerOptions options = new SchedulerOptions(List.of(queues), interval, lease);
		SchedulerContainer container = new SchedulerContainer(() -> options, store,
				new SchedulerWakeUps(TestStores.scripts(this.connections)), TimeSource.of(Clock.systemUTC()),
				listeners);
		this.containers.add(container);
		return container;
	}

	SchedulerStore store() {
		return new SchedulerStore(TestStores.scripts(this.connections), Clock.systemUTC());
	}

	StringRedisTemplate redis() {
		return this.redis;
	}

	String schedule(String queue, Duration in) {
		return schedule(queue, in, "tasks.hit");
	}

	String schedule(String queue, Duration in, String function) {
		String id = Job.newId();
		byte[] data = "[\"%s\", null, [\"%s\"], {}]".formatted(function, id).getBytes(StandardCharsets.UTF_8);
		Job job = new Job(id, queue, JobStatus.SCHEDULED, JobOptions.NONE,
				JobTimes.createdAt(Clock.systemUTC().instant()), JobRun.NONE, new JobPayload(data, null));
		this.jobs.enqueue(List.of(new NewJob(job, false, false, false, NewJob.Due.in(in))));
		return id;
	}

	List<String> scheduleMany(String queue, int count, Duration first, Duration step) {
		List<String> ids = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			ids.add(schedule(queue, first.plus(step.multipliedBy(i))));
		}
		return ids;
	}

	List<String> queued(String queue) {
		return this.redis.opsForList().range(key(queue, "rq:queue:" + queue), 0, -1);
	}

	String lock(String queue) {
		return this.redis.opsForValue().get(key(queue, "rq:scheduler-lock:" + queue));
	}

	static boolean leads(SchedulerContainer container, String queue) {
		return leadership(container, queue).leader();
	}

	static QueueLeadership leadership(SchedulerContainer container, String queue) {
		return container.state()
			.queues()
			.stream()
			.filter((leadership) -> leadership.queue().equals(queue))
			.findFirst()
			.orElseThrow();
	}

	@Override
	public void close() {
		this.containers.forEach(SchedulerContainer::stop);
	}

}
