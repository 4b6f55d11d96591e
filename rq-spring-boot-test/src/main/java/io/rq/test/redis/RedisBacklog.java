package io.rq.test.redis;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.core.Cursor;
import org.springframework.data.redis.core.ScanOptions;

import io.rq.job.Job;
import io.rq.queue.Registry;
import io.rq.redis.JobStore;
import io.rq.redis.QueueStore;
import io.rq.test.run.Backlog;
import io.rq.test.run.MovableClock;

/**
 * The jobs in Redis that have not run yet. Its clock cannot be moved, so it is the jobs
 * that are: each is rescheduled.
 */
final class RedisBacklog implements Backlog {

	private static final int MOST_SCHEDULED = 10_000;

	private static final int PAGE = 100;

	private final RedisConnectionFactory connections;

	private final String prefix;

	private final QueueStore queues;

	private final JobStore jobs;

	private final MovableClock clock;

	RedisBacklog(RedisConnectionFactory connections, String prefix, QueueStore queues, JobStore jobs,
			MovableClock clock) {
		this.connections = connections;
		this.prefix = prefix;
		this.queues = queues;
		this.jobs = jobs;
		this.clock = clock;
	}

	@Override
	public void promote() {
		Instant now = redisTime();
		scheduled().filter((job) -> !job.due().isAfter(now))
			.sorted(Comparator.comparing(Scheduled::due))
			.toList()
			.forEach((job) -> this.jobs.changes().runNow(job.id(), false));
	}

	@Override
	public @Nullable Job next(Predicate<Job> wanted) {
		Set<String> paused = this.queues.pauses().keySet();
		return this.queues.names()
			.stream()
			.filter((queue) -> !paused.contains(queue))
			.flatMap(this::waiting)
			.map(this.jobs::find)
			.flatMap(Optional::stream)
			.filter(wanted)
			.findFirst()
			.orElse(null);
	}

	private Stream<String> waiting(String queue) {
		return Stream.iterate(0, (from) -> from + PAGE)
			.map((from) -> this.queues.ids(queue, Registry.QUEUED, from, PAGE))
			.takeWhile((ids) -> !ids.isEmpty())
			.flatMap(List::stream);
	}

	@Override
	public @Nullable Instant nextDue() {
		Instant due = scheduled().map(Scheduled::due).min(Comparator.naturalOrder()).orElse(null);
		return (due != null) ? now().plus(Duration.between(redisTime(), due)) : null;
	}

	@Override
	public void advance(Duration by) {
		scheduled().toList().forEach((job) -> this.jobs.changes().reschedule(job.id(), job.due().minus(by)));
		this.clock.advance(by);
	}

	private Stream<Scheduled> scheduled() {
		return this.queues.names()
			.stream()
			.flatMap((queue) -> this.queues.ids(queue, Registry.SCHEDULED, 0, MOST_SCHEDULED)
				.stream()
				.flatMap((id) -> this.jobs.time(queue, Registry.SCHEDULED, id)
					.map((due) -> new Scheduled(id, due))
					.stream()));
	}

	private Instant redisTime() {
		try (RedisConnection connection = this.connections.getConnection()) {
			Long millis = connection.serverCommands().time();
			return (millis != null) ? Instant.ofEpochMilli(millis) : Instant.now();
		}
	}

	@Override
	public Instant now() {
		return this.clock.instant();
	}

	@Override
	public void clear() {
		this.clock.reset();
		if (!this.prefix.startsWith(RedisJobs.PREFIX)) {
			return;
		}
		ScanOptions mine = ScanOptions.scanOptions().match(this.prefix + ":*").count(1_000).build();
		try (RedisConnection connection = this.connections.getConnection();
				Cursor<byte[]> keys = connection.keyCommands().scan(mine)) {
			List<byte[]> all = keys.stream().toList();
			if (!all.isEmpty()) {
				connection.keyCommands().del(all.toArray(byte[][]::new));
			}
		}
	}

	/**
	 * A job that is due later.
	 *
	 * @param id its id
	 * @param due when it is due, by the clock of Redis
	 */
	private record Scheduled(String id, Instant due) {

	}

}
