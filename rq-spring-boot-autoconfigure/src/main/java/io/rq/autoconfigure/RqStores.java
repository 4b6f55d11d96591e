package io.rq.autoconfigure;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

import io.rq.lifecycle.TimeSource;
import io.rq.redis.AuditLog;
import io.rq.redis.AwaitedResults;
import io.rq.redis.BulkStore;
import io.rq.redis.CronStore;
import io.rq.redis.DeletedJobs;
import io.rq.redis.ExecutionStore;
import io.rq.redis.HistoryStore;
import io.rq.redis.JobPages;
import io.rq.redis.JobStore;
import io.rq.redis.KeyLayout;
import io.rq.redis.MaintenanceStore;
import io.rq.redis.MemorySettings;
import io.rq.redis.MinReplicas;
import io.rq.redis.QueueControl;
import io.rq.redis.QueueLimits;
import io.rq.redis.QueueStore;
import io.rq.redis.QueueWait;
import io.rq.redis.RedisScripts;
import io.rq.redis.SchedulerStore;
import io.rq.redis.SchedulerWakeUps;
import io.rq.redis.ServerStore;
import io.rq.redis.SurroundingsStore;
import io.rq.redis.WorkerCommands;
import io.rq.redis.WorkerLease;
import io.rq.redis.WorkerStore;
import io.rq.scheduler.SchedulerContainer;
import io.rq.scheduler.SchedulerListener;
import io.rq.scheduler.SchedulerOptions;
import io.rq.template.QueueTemplate;
import io.rq.worker.InlineJobStore;
import io.rq.worker.InlineRuns;
import io.rq.worker.WorkerOptions;
import io.rq.worker.WorkerStores;

/**
 * The one Redis that holds the jobs, and the stores on it. Keeps connections and clock to
 * itself, so that neither competes with beans of the application.
 */
final class RqStores {

	private final RqConnections connections;

	private final Clock clock;

	private final KeyLayout layout;

	private final long maxPayload;

	private final MinReplicas replicas;

	private final QueueLimits limits;

	/**
	 * Creates the stores.
	 * @throws InvalidRqConfigurationException if the Redis is a cluster and the keys are
	 * in several slots
	 */
	RqStores(RqConnections connections, Clock clock, RqOptions options) {
		RqProperties properties = options.properties();
		this.connections = connections;
		this.clock = clock;
		this.layout = connections.layout();
		this.maxPayload = properties.job().maxPayloadSize().toBytes();
		this.limits = options.limits();
		RqProperties.Template template = properties.template();
		this.replicas = new MinReplicas(template.minReplicas(), template.minReplicasTimeout());
		if (template.minReplicas() > 0 && !connections.client().timeout().isZero()
				&& template.minReplicasTimeout().compareTo(connections.client().timeout()) >= 0) {
			throw InvalidRqConfigurationException.property("rq.template.min-replicas-timeout",
					template.minReplicasTimeout(), "must be less than 'spring.data.redis.timeout', which is "
							+ connections.client().timeout() + ", or enqueueing ends with that first");
		}
		if (connections.client().cluster() && !this.layout.fitsCluster()) {
			throw new InvalidRqConfigurationException(
					"The configured Redis is a cluster, and RQ's keys cannot be spread over the nodes of one.",
					"Set 'rq.layout' to 'cluster', which spreads the queues over the nodes and is not shared with "
							+ "Python, or 'rq.key-prefix' to '{rq}', here and with RQ 3 as RQ_KEY_PREFIX, so that one "
							+ "node has all of them, or declare a RedisConnectionFactory to another Redis for the jobs and mark it with "
							+ "@RqRedis.");
		}
	}

	RqConnections connections() {
		return this.connections;
	}

	Clock clock() {
		return this.clock;
	}

	JobStore jobs() {
		return new JobStore(application(), this.clock, this.maxPayload, this.replicas, this.limits);
	}

	InlineJobStore inlineJobs(Supplier<InlineRuns> runs) {
		return new InlineJobStore(application(), this.clock, this.maxPayload, this.replicas, this.limits, runs);
	}

	ExecutionStore inlineExecutions(WorkerOptions options) {
		WorkerLease lease = new WorkerLease(InlineRuns.WORKER, options.timing().lease(),
				options.timing().heartbeatInterval());
		return new ExecutionStore(engine(lease.duration()), this.clock, lease, this.maxPayload);
	}

	AwaitedResults results(Duration lease) {
		return new AwaitedResults(() -> engine(lease), () -> this.connections.longestWait(lease));
	}

	QueueStore queues() {
		return new QueueStore(application());
	}

	HistoryStore history() {
		return new HistoryStore(application());
	}

	HistoryStore history(Duration lease) {
		return new HistoryStore(engine(lease));
	}

	JobPages pages() {
		return new JobPages(application());
	}

	DeletedJobs deleted() {
		return new DeletedJobs(application(), clock());
	}

	BulkStore bulk() {
		return new BulkStore(application());
	}

	AuditLog audit() {
		return new AuditLog(application());
	}

	QueueControl queueControl() {
		return new QueueControl(application(), this.clock);
	}

	SurroundingsStore surroundings() {
		return new SurroundingsStore(application());
	}

	ServerStore server() {
		return new ServerStore(application());
	}

	WorkerStore workers() {
		return new WorkerStore(application(), this.clock);
	}

	SchedulerStore schedulers() {
		return new SchedulerStore(application(), this.clock);
	}

	SchedulerStore schedulers(Duration lockLease) {
		return new SchedulerStore(engine(lockLease), this.clock);
	}

	CronStore cron() {
		return new CronStore(application(), this.clock);
	}

	CronStore cron(Duration lockLease) {
		return new CronStore(engine(lockLease), this.clock);
	}

	SchedulerWakeUps wakeUps(Duration lockLease) {
		return new SchedulerWakeUps(engine(lockLease));
	}

	MemorySettings memorySettings() {
		return new MemorySettings(application());
	}

	WorkerStores worker(WorkerOptions options) {
		WorkerLease lease = new WorkerLease(options.name(), options.timing().lease(),
				options.timing().heartbeatInterval());
		RedisScripts engine = engine(lease.duration());
		Duration longestWait = this.connections.longestWait(lease.duration());
		return new WorkerStores(new ExecutionStore(engine, this.clock, lease, this.maxPayload), jobs(),
				new WorkerStore(engine, this.clock), new MaintenanceStore(engine, this.clock, lease),
				(queue, worker) -> new QueueWait(engine, queue, worker, longestWait),
				new WorkerCommands(engine, options.name()), TimeSource.of(this.clock));
	}

	QueueTemplate queueTemplate(RqOptions options) {
		return new QueueTemplate(queues(), jobs(), workers(), queueControl(), options.properties().job().failureTtl(),
				options.partitions());
	}

	SchedulerContainer schedulerContainer(Supplier<SchedulerOptions> options, Duration lockLease,
			List<SchedulerListener> listeners) {
		return new SchedulerContainer(options, schedulers(lockLease), wakeUps(lockLease), TimeSource.of(this.clock),
				listeners);
	}

	private RedisScripts application() {
		return new RedisScripts(this.connections.application(), this.layout);
	}

	private RedisScripts engine(Duration lease) {
		return new RedisScripts(this.connections.engine(lease), this.layout);
	}

}
