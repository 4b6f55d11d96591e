package io.rq.cron;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

import io.rq.job.Job;
import io.rq.job.JobOptions;
import io.rq.job.JobPayload;
import io.rq.job.JobRequest;
import io.rq.job.JobRun;
import io.rq.job.JobStatus;
import io.rq.job.JobTimes;
import io.rq.job.NewJob;
import io.rq.lifecycle.Listeners;
import io.rq.lifecycle.TimeSource;
import io.rq.redis.CronStore;
import io.rq.redis.RedisScripts;
import io.rq.redis.SchedulerStore;
import io.rq.redis.SchedulerStore.SchedulerIdentity;
import io.rq.redis.SchedulerWakeUps;
import io.rq.scheduler.SchedulerContainer;
import io.rq.scheduler.SchedulerOptions;
import io.rq.test.TestStores;

import static io.rq.test.TestStores.key;

/**
 * Runs schedulers with cron jobs on queue {@code default} and looks at what they did.
 */
final class CronFixture implements AutoCloseable {

	private final RedisConnectionFactory connections;

	private final StringRedisTemplate redis;

	private final List<SchedulerContainer> containers = new ArrayList<>();

	CronFixture(RedisConnectionFactory connections) {
		this.connections = connections;
		this.redis = new StringRedisTemplate(connections);
	}

	StringRedisTemplate redis() {
		return this.redis;
	}

	CronStore store() {
		return new CronStore(TestStores.scripts(this.connections), Clock.systemUTC());
	}

	/** One that takes what was settled last for something else. */
	CronStore misreading(AtomicInteger beats) {
		return new CronStore(TestStores.scripts(this.connections), Clock.systemUTC()) {

			@Override
			public Beat beat(SchedulerIdentity scheduler, List<Listed> jobs) {
				beats.incrementAndGet();
				Beat beat = super.beat(scheduler, jobs);
				State other = new State(beat.time().minusSeconds(31), Instant.EPOCH, null, false, null);
				return new Beat(beat.time(), List.of(other));
			}

		};
	}

	CronJobs jobs() {
		return new CronJobs(CronFixture::prepare);
	}

	static NewJob prepare(JobRequest request) {
		String id = request.target().id();
		byte[] data = "[\"%s\",null,[],{}]".formatted(request.call().function()).getBytes(StandardCharsets.UTF_8);
		Job job = new Job((id != null) ? id : Job.newId(), "default", JobStatus.CREATED, JobOptions.NONE,
				JobTimes.createdAt(Clock.systemUTC().instant()), JobRun.NONE, new JobPayload(data, null));
		return new NewJob(job, request.target().atFront(), id != null, false, null);
	}

	SchedulerContainer container(CronJobs jobs, Clock clock, Duration lease, CronListener listener) {
		SchedulerOptions options = new SchedulerOptions(List.of("default"), Duration.ofSeconds(1), lease);
		RedisScripts scripts = TestStores.scripts(this.connections);
		TimeSource time = TimeSource.of(clock);
		SchedulerContainer container = new SchedulerContainer(() -> options, new SchedulerStore(scripts, clock),
				new SchedulerWakeUps(scripts), time, List.of());
		container.addDuty((election) -> new CronDuty(jobs, new CronStore(scripts, clock), election, time,
				new Listeners<>(List.of(listener))));
		this.containers.add(container);
		return container;
	}

	List<String> queued() {
		return Objects.requireNonNull(this.redis.opsForList().range(key("rq:queue:default"), 0, -1));
	}

	Set<String> keys() {
		return Objects.requireNonNull(this.redis.keys(key("rq:*")));
	}

	Instant last(String name) {
		String last = this.redis.<String, String>opsForHash().get(key("rq:cron:default:" + name), "last");
		return Instant.ofEpochMilli(Long.parseLong(Objects.requireNonNull(last)));
	}

	/** Lets the last occurrence of a cron job have been so many seconds earlier. */
	Instant moveBack(String name, int seconds) {
		Instant moved = last(name).minusSeconds(seconds);
		this.redis.opsForHash().put(key("rq:cron:default:" + name), "last", "" + moved.toEpochMilli());
		return moved;
	}

	@Override
	public void close() {
		this.containers.forEach(SchedulerContainer::stop);
	}

}
