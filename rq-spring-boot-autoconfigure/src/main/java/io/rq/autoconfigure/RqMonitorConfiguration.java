package io.rq.autoconfigure;

import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

import io.rq.cron.CronJobs;
import io.rq.doctor.Client;
import io.rq.doctor.Doctor;
import io.rq.explain.DrainRate;
import io.rq.explain.JobExplainer;
import io.rq.handler.JobHandlerRegistry;
import io.rq.handler.QueueTags;
import io.rq.monitor.DelayedRetryCheck;
import io.rq.monitor.LocalContainers;
import io.rq.monitor.LockWarnings;
import io.rq.monitor.QueueMonitor;
import io.rq.monitor.RqMonitor;
import io.rq.scheduler.SchedulerContainer;
import io.rq.serializer.JobSerializer;
import io.rq.template.SchedulingWatch;
import io.rq.worker.WorkerContainer;

/**
 * Configuration of what health, metrics and the endpoint look at.
 */
@Configuration(proxyBeanMethods = false)
class RqMonitorConfiguration {

	private static final Duration MAX_AGE = Duration.ofSeconds(1);

	private static final Duration PATIENCE = Duration.ofSeconds(2);

	@Bean
	@ConditionalOnMissingBean
	LocalContainers rqLocalContainers(ObjectProvider<WorkerContainer> workers,
			ObjectProvider<SchedulerContainer> schedulers) {
		return new LocalContainers(() -> workers.orderedStream().toList(), () -> schedulers.orderedStream().toList());
	}

	@Bean
	@ConditionalOnMissingBean
	RqMonitor rqMonitor(RqStores stores, LocalContainers local, DelayedRetryCheck retryCheck,
			LockWarnings lockWarnings) {
		return new RqMonitor(stores.queues(), stores.workers(), stores.schedulers(), local, retryCheck, lockWarnings);
	}

	@Bean
	@ConditionalOnMissingBean
	LockWarnings rqLockWarnings(ObjectProvider<CronJobs> cronJobs) {
		CronJobs jobs = cronJobs.getIfAvailable();
		return (jobs != null) ? jobs::warning : (queue, holder) -> null;
	}

	@Bean
	@ConditionalOnMissingBean
	JobExplainer rqJobExplainer(RqStores stores, JobSerializer serializer, ObjectProvider<DrainRate> drainRate) {
		return new JobExplainer(stores.jobs(), stores.queues(), stores.surroundings(), serializer,
				drainRate.getIfAvailable(() -> DrainRate.UNKNOWN));
	}

	@Bean
	@ConditionalOnMissingBean
	QueueMonitor rqQueueMonitor(RqStores stores, KnownQueues known, LocalContainers local) {
		return new QueueMonitor(stores.queues(),
				() -> Stream.concat(known.all().stream(), local.scheduledQueues()).collect(Collectors.toSet()), MAX_AGE,
				PATIENCE);
	}

	/** Of workers on another Redis too, which are no default candidates. */
	@Bean
	QueueTags rqQueueTags(ObjectProvider<QueueMonitor> monitor, ObjectProvider<WorkerContainer> workers) {
		return new QueueTags(
				() -> Stream
					.concat(monitor.getObject().names().stream(),
							workers.stream(ObjectProvider.UNFILTERED)
								.flatMap((worker) -> worker.options().queues().stream()))
					.toList());
	}

	@Bean
	@ConditionalOnMissingBean
	DelayedRetryCheck rqDelayedRetryCheck(JobHandlerRegistry handlers, RqOptions options, QueueMonitor monitor,
			LocalContainers local) {
		return new DelayedRetryCheck(handlers, options.jobs(), monitor,
				() -> Set.copyOf(local.scheduledQueues().toList()));
	}

	@Bean
	@ConditionalOnMissingBean
	SchedulingWatch rqSchedulingWatch(RqStores stores, LocalContainers local) {
		return new SchedulingWatch(stores.schedulers(), (queue) -> local.scheduledQueues().anyMatch(queue::equals),
				stores.workers()::hasWorkersWithoutLimits);
	}

	@Bean
	OwnRefreshListener rqSchedulingWatchBegin(SchedulingWatch watch) {
		return new OwnRefreshListener() {

			@Override
			protected void refreshed() {
				watch.begin();
			}

		};
	}

	@Bean
	WatchedRetries rqWatchedRetries(SchedulingWatch watch) {
		return new WatchedRetries(watch);
	}

	@Bean
	@ConditionalOnMissingBean
	Doctor rqDoctor(RqStores stores, RqMonitor monitor, DelayedRetryCheck retryCheck, Doctor.Application application) {
		return new Doctor(new Doctor.Stores(stores.server(), stores.pages(), stores.workers()), monitor, retryCheck,
				application);
	}

	@Bean
	Doctor.Application rqDoctorApplication(RqStores stores, RqOptions options, ConnectionPoolCheck pool,
			LocalContainers local, JobHandlerRegistry handlers, JobSerializer serializer, Environment environment) {
		RqConnections connections = stores.connections();
		boolean development = environment.getProperty("rq.embedded-redis.enabled", Boolean.class, false);
		return new Doctor.Application(
				() -> new Client(connections.client().name(), connections.client().timeout(),
						connections.longestWait(options.properties().worker().lease()), connections.client().poolSize(),
						connections.isShared() ? pool.kept() : 0, development),
				local, handlers.names(), serializer, stores.clock());
	}

	@Bean
	StartCheck rqStartCheck(Doctor doctor, RqOptions options, DelayedRetryCheck check, RqStores stores,
			LocalContainers local) {
		return new StartCheck(options.properties().doctor().enabled() ? doctor : null, check, stores.memorySettings(),
				local);
	}

}
