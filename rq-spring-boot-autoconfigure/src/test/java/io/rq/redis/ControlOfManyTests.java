package io.rq.redis;

import java.util.List;
import java.util.function.Supplier;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.ReturnType;

import io.rq.queue.QueuePosition;
import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for changes where a million jobs wait: none of their calls keeps Redis from
 * others for long.
 */
@Tag("long")
class ControlOfManyTests extends AbstractStoreTests {

	private static final int MANY = 1_000_000;

	/**
	 * What goes through a million jobs at once takes seconds, also where nothing else
	 * runs.
	 */
	private static final int LONGEST_MILLIS = 1_000;

	private static final String JOBS = """
			for i = 1, 1000 do
			  local id = 'job-' .. ARGV[1] .. '-' .. i
			  if i % 2 == 1 or ARGV[2] == '1' then
			    redis.call('HSET', 'rq:job:' .. id, 'status', 'queued', 'origin', 'default', 'data', 'x', 'created_at', '')
			  end
			  redis.call('RPUSH', 'rq:queue:default', id)
			end""";

	ControlOfManyTests() {
		super(TestRedis.start());
	}

	@AfterEach
	void close() {
		this.redis.close();
	}

	private void fill(boolean all) {
		try (RedisConnection connection = this.redis.connectionFactory().getConnection()) {
			for (int i = 0; i < MANY / 1000; i++) {
				connection.scriptingCommands()
					.eval(bytes(JOBS), ReturnType.STATUS, 0, bytes("" + i), bytes(all ? "1" : "0"));
			}
			connection.serverCommands().setConfig("slowlog-log-slower-than", "" + LONGEST_MILLIS * 1000);
		}
	}

	/** Returns what a call returns, having made sure that it made no slow one. */
	private <T> T quickly(Supplier<T> call) {
		try (Jedis jedis = new Jedis(this.redis.host(), this.redis.port())) {
			jedis.slowlogReset();
			T result = call.get();
			assertThat(jedis.slowlogGet()).isEmpty();
			return result;
		}
	}

	@Test
	void oneOfAMillionJobsIsFoundAndCancelledAndRequeuedAndDeleted() {
		fill(true);
		String middle = "job-500-1";
		assertThat(quickly(() -> this.queueControl.position("default", middle)))
			.contains(new QueuePosition(10_000, false));
		assertThat(quickly(() -> this.control.cancel(middle, false))).isTrue();
		assertThat(quickly(() -> this.control.requeue(middle, true))).isTrue();
		assertThat(claim(1)).extracting(Execution::jobId).containsExactly(middle);
		assertThat(quickly(() -> this.control.delete("job-400-1", false))).isTrue();
		assertThat(quickly(() -> this.queueControl.remove("default", "job-600-1"))).isTrue();
		assertThat(this.jobs.count("default")).isEqualTo(MANY);
	}

	@Test
	void aMillionJobsAreEmptiedAway() {
		fill(true);
		assertThat(quickly(() -> this.queueControl.empty("default", 500))).isEqualTo(MANY);
		assertThat(this.redis.state().keys()).isEmpty();
	}

	/** Half of them are gone, in the worst order. */
	@Test
	void aMillionIdsAreCompacted() {
		fill(false);
		assertThat(quickly(() -> this.queueControl.compact("default"))).isEqualTo(MANY / 2);
		assertThat(this.jobs.count("default")).isEqualTo(MANY / 2);
		assertThat(this.template.opsForList().range("rq:queue:default", 1000, 1001))
			.isEqualTo(List.of("job-2-1", "job-2-3"));
	}

	@Test
	void aMillionFailedJobsAreRequeued() {
		fill(true);
		try (RedisConnection connection = this.redis.connectionFactory().getConnection()) {
			for (int i = 0; i < MANY / 1000; i++) {
				connection.scriptingCommands().eval(bytes("""
						for _, id in ipairs(redis.call('LPOP', 'rq:queue:default', 1000)) do
						  redis.call('HSET', 'rq:job:' .. id, 'status', 'failed')
						  redis.call('ZADD', 'rq:failed:default', 1e10, id)
						end"""), ReturnType.STATUS, 0);
			}
		}
		assertThat(quickly(() -> this.control.requeueAll("default"))).isEqualTo(MANY);
		assertThat(this.jobs.count("default")).isEqualTo(MANY);
	}

}
