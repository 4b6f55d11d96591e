package io.rq.autoconfigure;

import java.time.Duration;
import java.util.function.Supplier;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.rq.cron.CronDuty;
import io.rq.cron.CronJobs;
import io.rq.cron.CronListener;
import io.rq.lifecycle.Listeners;
import io.rq.lifecycle.TimeSource;
import io.rq.scheduler.SchedulerContainer;
import io.rq.scheduler.SchedulerListener;
import io.rq.scheduler.SchedulerOptions;
import io.rq.worker.WorkerContainer;

/**
 * Configuration of the scheduler.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnFlag(value = "rq.worker.with-scheduler", matchIfMissing = true)
class RqSchedulerConfiguration {

	@Bean
	@ConditionalOnMissingBean
	SchedulerContainer rqSchedulerContainer(RqOptions options, RqStores stores, KnownQueues known,
			ObjectProvider<WorkerContainer> workers, ObjectProvider<SchedulerListener> listeners,
			ObjectProvider<CronJobs> cronJobs, ObjectProvider<CronListener> cronListeners) {
		Supplier<SchedulerOptions> scheduler = () -> options.scheduler(known::all);
		Duration lockLease = options.properties().scheduler().lockLease();
		TimeSource time = TimeSource.of(stores.clock());
		SchedulerContainer container = stores.schedulerContainer(scheduler, lockLease,
				listeners.orderedStream().toList());
		cronJobs.ifAvailable((jobs) -> container.addDuty((election) -> new CronDuty(jobs, stores.cron(lockLease),
				election, time, new Listeners<>(cronListeners.orderedStream().toList()))));
		WorkersOfScheduler beside = new WorkersOfScheduler(workers::orderedStream);
		if (options.properties().worker().withScheduler() == null) {
			container.setAutoStartup(beside::exist);
		}
		container.setOnePass(beside::areBurst);
		return container;
	}

	@Bean
	SchedulerEnd rqSchedulerEnd(ObjectProvider<SchedulerContainer> schedulers,
			ObjectProvider<WorkerContainer> workers) {
		return new SchedulerEnd(schedulers, workers);
	}

}
