package io.rq.autoconfigure;

import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextRefreshedEvent;

import io.rq.handler.JobHandlerRegistry;
import io.rq.monitor.DelayedRetryCheck;
import io.rq.monitor.QueueMonitor;
import io.rq.monitor.Queues;
import io.rq.scheduler.QueueLeadership;
import io.rq.scheduler.SchedulerContainer;
import io.rq.scheduler.SchedulerRegistrations;
import io.rq.template.SchedulingWatch;
import io.rq.worker.WorkerContainer;
import io.rq.worker.WorkerRegistrations;

/**
 * Configuration of what health, metrics and the endpoint look at.
 */
@Configuration(proxyBeanMethods = false)
class RqMonitorConfiguration {

	private static final Duration MAX_AGE = Duration.ofSeconds(1);

	private static final Duration PATIENCE = Duration.ofSeconds(2);

	@Bean
	@ConditionalOnMissingBean
	Queues rqQueues(RqStores stores) {
		return new Queues(stores.queues());
	}

	@Bean
	@ConditionalOnMissingBean
	WorkerRegistrations rqWorkerRegistrations(RqStores stores) {
		return new WorkerRegistrations(stores.workers());
	}

	@Bean
	@ConditionalOnMissingBean
	SchedulerRegistrations rqSchedulerRegistrations(RqStores stores) {
		return new SchedulerRegistrations(stores.schedulers());
	}

	@Bean
	@ConditionalOnMissingBean
	QueueMonitor rqQueueMonitor(Queues queues, RqOptions options, JobHandlerRegistry handlers,
			ObjectProvider<WorkerContainer> workers, ObjectProvider<SchedulerContainer> schedulers) {
		KnownQueues known = new KnownQueues(options, handlers, workers);
		return new QueueMonitor(queues,
				() -> Stream.concat(known.get().stream(), scheduled(schedulers)).collect(Collectors.toSet()), MAX_AGE,
				PATIENCE);
	}

	@Bean
	@ConditionalOnMissingBean
	DelayedRetryCheck rqDelayedRetryCheck(JobHandlerRegistry handlers, QueueMonitor monitor,
			ObjectProvider<SchedulerContainer> schedulers) {
		return new DelayedRetryCheck(handlers, monitor, () -> Set.copyOf(scheduled(schedulers).toList()));
	}

	@Bean
	@ConditionalOnMissingBean
	SchedulingWatch rqSchedulingWatch(RqStores stores, ObjectProvider<SchedulerContainer> schedulers) {
		return new SchedulingWatch(stores.schedulers(), (queue) -> scheduled(schedulers).anyMatch(queue::equals));
	}

	@Bean
	ApplicationListener<ContextRefreshedEvent> rqSchedulingWatchBegin(SchedulingWatch watch) {
		return (event) -> watch.begin();
	}

	@Bean
	WatchedRetries rqWatchedRetries(SchedulingWatch watch) {
		return new WatchedRetries(watch);
	}

	@Bean
	DelayedRetryWarning rqDelayedRetryWarning(DelayedRetryCheck check) {
		return new DelayedRetryWarning(check);
	}

	private static Stream<String> scheduled(ObjectProvider<SchedulerContainer> schedulers) {
		return schedulers.orderedStream()
			.filter(SchedulerContainer::isRunning)
			.flatMap((scheduler) -> scheduler.state().queues().stream())
			.map(QueueLeadership::queue)
			.distinct();
	}

}
