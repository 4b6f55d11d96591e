package io.rq.test;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import io.rq.lifecycle.Listeners;
import io.rq.redis.AwaitedResults;
import io.rq.redis.JobStore;
import io.rq.redis.KeyLayout;
import io.rq.redis.MinReplicas;
import io.rq.redis.connection.OwnConnections;
import io.rq.redis.connection.OwnConnections.Use;
import io.rq.redis.RedisScripts;
import io.rq.redis.WorkerStore.WorkerSkills;

/**
 * Stores as they are without any property.
 */
public final class TestStores {

	/** How many bytes arguments and meta data of a job may have. */
	public static final long MAX_PAYLOAD = 10 * 1024 * 1024;

	/** Those of a worker that does not tell what it can run. */
	public static final WorkerSkills UNTOLD = new WorkerSkills(0, null);

	private static final Map<RedisConnectionFactory, RedisScripts> CLUSTERS = new ConcurrentHashMap<>();

	private TestStores() {
	}

	/**
	 * Returns the scripts as applications have them on a Redis: in RQ's layout on one
	 * server, in the tagged layout on a cluster.
	 * @param connections the connections to Redis
	 * @return the scripts
	 */
	public static RedisScripts scripts(RedisConnectionFactory connections) {
		return isCluster(connections) ? CLUSTERS.computeIfAbsent(connections, TestStores::tagged)
				: new RedisScripts(connections);
	}

	private static boolean isCluster(RedisConnectionFactory connections) {
		return (connections instanceof JedisConnectionFactory jedis && jedis.isRedisClusterAware())
				|| (connections instanceof LettuceConnectionFactory lettuce && lettuce.isClusterAware());
	}

	private static RedisScripts tagged(RedisConnectionFactory connections) {
		KeyLayout layout = KeyLayout.tagged("rq");
		RedisConnectionFactory own = OwnConnections.like(connections, layout::clusterKey,
				Use.engine(TestRedis.COMMAND_TIMEOUT), new Listeners<>(List.of()));
		return new RedisScripts(Objects.requireNonNull(own), layout);
	}

	/**
	 * Returns the name of a key of queue {@code default} in the layout of the
	 * {@linkplain TestRedis#shared() shared} Redis.
	 * @param key its name in RQ's layout
	 * @return the name
	 */
	public static String key(String key) {
		return key("default", key);
	}

	/**
	 * Returns the name of a key in the layout of the {@linkplain TestRedis#shared()
	 * shared} Redis.
	 * @param queue the queue that it belongs to
	 * @param key its name in RQ's layout
	 * @return the name
	 */
	public static String key(String queue, String key) {
		return TestRedis.isCluster() ? key.replaceFirst("^rq:", "rq:{" + queue + "}:") : key;
	}

	/**
	 * Makes queues known that a test writes to without this library, as their first job
	 * does.
	 * @param redis the {@linkplain TestRedis#shared() shared} Redis
	 * @param queues the names of the queues
	 */
	public static void makeKnown(StringRedisTemplate redis, String... queues) {
		for (String queue : queues) {
			redis.opsForSet().add("rq:queues", key(queue, "rq:queue:" + queue));
		}
	}

	/**
	 * Creates a store of jobs.
	 * @param scripts the scripts on the connections to Redis
	 * @param clock the clock for times that only inform people
	 * @return the store
	 */
	public static JobStore jobs(RedisScripts scripts, Clock clock) {
		return new JobStore(scripts, clock, MAX_PAYLOAD, MinReplicas.NONE);
	}

	/**
	 * Waits for results, on the connections of a test.
	 * @param scripts the scripts on the connections to Redis
	 * @return what waits
	 */
	public static AwaitedResults results(RedisScripts scripts) {
		return new AwaitedResults(() -> scripts, () -> Duration.ofSeconds(1));
	}

}
