package io.rq.autoconfigure;

import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.thread.Threading;
import org.springframework.core.env.Environment;
import org.springframework.data.redis.connection.RedisConnectionFactory;

import io.rq.handler.JobListener;
import io.rq.lifecycle.Listeners;
import io.rq.redis.connection.ConnectionListener;
import io.rq.scheduler.SchedulerListener;
import io.rq.worker.JobHandling;

/**
 * Makes what an application needs for jobs on another Redis than its own:
 *
 * <pre class="code">
 * &#064;Bean
 * RqInstance reports(RqInstanceFactory factory, &#064;Qualifier("reportsRedis") RedisConnectionFactory redis) {
 *     return factory.create(redis);
 * }
 *
 * &#064;Bean(defaultCandidate = false)
 * JobTemplate reportJobs(RqInstance reports) {
 *     return reports.jobTemplate();
 * }
 *
 * &#064;Bean(defaultCandidate = false)
 * WorkerContainer reportWorker(RqInstance reports) {
 *     return reports.workerContainer("reports");
 * }
 * </pre>
 */
public final class RqInstanceFactory {

	private final TemplateParts parts;

	private final JobHandling handling;

	private final Environment environment;

	private final Clock clock;

	private final Listeners<ConnectionListener> listeners;

	private final ObjectProvider<SchedulerListener> schedulerListeners;

	RqInstanceFactory(TemplateParts parts, JobHandling handling, Environment environment, Clock clock,
			Listeners<ConnectionListener> listeners, ObjectProvider<SchedulerListener> schedulerListeners) {
		this.parts = parts;
		this.handling = handling;
		this.environment = environment;
		this.clock = clock;
		this.listeners = listeners;
		this.schedulerListeners = schedulerListeners;
	}

	/**
	 * Creates an instance with the configured {@code rq.key-prefix}.
	 * @param redis the connections to its Redis; the instance makes its own that are like
	 * them
	 * @return the instance, to be declared as a bean
	 */
	public RqInstance create(RedisConnectionFactory redis) {
		return create(redis, this.parts.options().properties().keyPrefix());
	}

	/**
	 * Creates an instance.
	 * @param redis the connections to its Redis; the instance makes its own that are like
	 * them
	 * @param keyPrefix what the names of all its keys and channels begin with
	 * @return the instance, to be declared as a bean
	 */
	public RqInstance create(RedisConnectionFactory redis, String keyPrefix) {
		return create(redis, keyPrefix, this.parts.options().properties().layout());
	}

	/**
	 * Creates an instance with another layout of the keys than this application has, such
	 * as that which it had before.
	 * @param redis the connections to its Redis; the instance makes its own that are like
	 * them
	 * @param keyPrefix what the names of all its keys and channels begin with
	 * @param layout how the keys are named
	 * @return the instance, to be declared as a bean
	 */
	public RqInstance create(RedisConnectionFactory redis, String keyPrefix, RqProperties.Layout layout) {
		RqOptions options = this.parts.options();
		RqStores stores = new RqStores(new RqConnections(redis, RqOptions.layout(keyPrefix, layout), this.listeners),
				this.clock, options);
		JobHandling own = this.handling.withoutWebhooks()
			.withListeners(() -> this.handling.listeners().get().stream().filter(JobListener::isForAnyRedis).toList());
		WorkerParts workers = new WorkerParts(options, stores, own, this.environment);
		Supplier<List<SchedulerListener>> schedulerListeners = () -> this.schedulerListeners.orderedStream()
			.filter(RqInstanceFactory::isForAnyRedis)
			.toList();
		return new RqInstance(stores, this.parts, workers.factory(Threading.VIRTUAL.isActive(this.environment)),
				schedulerListeners);
	}

	private static boolean isForAnyRedis(SchedulerListener listener) {
		return !(listener instanceof JobListener ofJobs) || ofJobs.isForAnyRedis();
	}

}
