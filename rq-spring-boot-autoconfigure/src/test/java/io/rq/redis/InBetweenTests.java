package io.rq.redis;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.data.redis.core.script.RedisScript;

import io.rq.job.Dependency;
import io.rq.redis.SchedulerStore.SchedulerIdentity;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that a crash between two steps is nothing to be afraid of: somebody who looks all
 * the time sees each job in the one place of its status, never in two or in none.
 */
class InBetweenTests extends AbstractStoreTests {

	private static final SchedulerIdentity SCHEDULER = new SchedulerIdentity("one", "host-1", 42, NOW);

	/**
	 * Replies with the first job whose status and places differ, or with an empty text.
	 */
	private static final RedisScript<String> LOOK = RedisScript.of("""
			local seen = {}
			local function see(id, place)
			  seen[id] = (seen[id] or '') .. place
			end
			for _, id in ipairs(redis.call('LRANGE', 'rq:queue:default', 0, -1)) do
			  see(id, 'queued')
			end
			for _, member in ipairs(redis.call('ZRANGE', 'rq:wip:default', 0, -1)) do
			  see(string.match(member, '^[^:]+'), 'started')
			end
			for _, registry in ipairs({'scheduled', 'deferred', 'finished', 'failed', 'canceled'}) do
			  for _, id in ipairs(redis.call('ZRANGE', 'rq:' .. registry .. ':default', 0, -1)) do
			    see(id, registry)
			  end
			end
			for _, key in ipairs(redis.call('KEYS', 'rq:job:*')) do
			  local id = string.match(key, '^rq:job:([^:]+)$')
			  if id then
			    see(id, '')
			  end
			end
			for id, places in pairs(seen) do
			  local status = redis.call('HGET', 'rq:job:' .. id, 'status')
			  if status ~= places then
			    return id .. ' is ' .. tostring(status) .. ' and here: ' .. places
			  end
			end
			return ''
			""", String.class);

	private final AtomicBoolean over = new AtomicBoolean();

	private final AtomicInteger looks = new AtomicInteger();

	private String look() {
		return Objects.requireNonNull(this.template.execute(LOOK, List.of()));
	}

	private String watch() {
		String seen = look();
		while (seen.isEmpty() && !this.over.get()) {
			seen = look();
			this.looks.incrementAndGet();
		}
		return seen;
	}

	private void promote(String id) {
		zadd("rq:scheduled:default", now() - 1, id);
		assertThat(Objects.requireNonNull(this.schedulers.promote("default", SCHEDULER, 10)).moved()).isOne();
	}

	/** From one place to the next, through each kind of move that RQ makes in steps. */
	private void live() {
		enqueue(in(job("parent"), 60));
		enqueue(DependencyTests.after(job("child"), Dependency.on("parent").allowFailure()));
		promote("parent");
		this.executions.retry(List.of(retry(claim(1).get(0), 60, false, null, null)));
		promote("parent");
		Execution lost = claim(1).get(0);
		expireLeases("default");
		steadily(() -> this.maintenance.reclaim("default", 3, 500, null));
		assertThat(this.executions.finish(List.of(success(lost, 500)))).hasSize(1);
		this.executions.finish(List.of(failure(claim(1).get(0), 500)));
		this.control.requeue("parent", false);
		enqueue(job("other"));
		this.queueControl.compact("default");
		List<Execution> runs = claim(2);
		assertThat(runs).extracting(Execution::jobId).containsExactly("child", "parent");
		this.executions.release(List.of(runs.get(1)));
		this.executions.finish(List.of(success(runs.get(0), 500)));
		this.control.cancel("other", true);
		this.queueControl.empty("default", 500);
		this.control.delete("child", false);
		this.control.delete("other", false);
	}

	/** W1, W2, W24, W27, W29: each of these is a gap between two steps of RQ. */
	@Test
	void nobodySeesAJobInTwoPlacesOrInNone() {
		this.schedulers.lead(SCHEDULER, List.of("default"), Duration.ofMinutes(5), null);
		CompletableFuture<String> seen = CompletableFuture.supplyAsync(this::watch, new SimpleAsyncTaskExecutor());
		for (int i = 0; i < 40 && !seen.isDone(); i++) {
			live();
		}
		this.over.set(true);
		assertThat(seen.join()).isEmpty();
		assertThat(this.looks).hasValueGreaterThan(100);
	}

	@Test
	void whoeverLooksWouldSeeIt() {
		zadd("rq:scheduled:default", now() + 60, "entry-without-job");
		assertThat(look()).startsWith("entry-without-job is false");
		this.redis.flush();
		python("a", "status", "scheduled");
		assertThat(look()).isEqualTo("a is scheduled and here: ");
		zadd("rq:scheduled:default", now() + 60, "a");
		assertThat(look()).isEmpty();
		zadd("rq:wip:default", now() + 60, "a:1");
		assertThat(look()).isEqualTo("a is scheduled and here: startedscheduled");
	}

}
