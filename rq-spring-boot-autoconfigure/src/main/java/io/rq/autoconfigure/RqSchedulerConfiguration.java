package io.rq.autoconfigure;

import java.util.List;
import java.util.stream.Stream;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

import io.rq.scheduler.SchedulerContainer;
import io.rq.scheduler.SchedulerListener;
import io.rq.scheduler.SchedulerOptions;
import io.rq.worker.JobHandlerRegistry;
import io.rq.worker.WorkerContainer;

/**
 * Configuration of the scheduler.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty("rq.worker.with-scheduler")
class RqSchedulerConfiguration {

	/**
	 * The scheduler, created when the life cycle of the context begins: only then are the
	 * queues of all jobs known.
	 */
	@Bean
	@Lazy
	@ConditionalOnMissingBean
	SchedulerContainer rqSchedulerContainer(RqOptions options, RqStores stores, JobHandlerRegistry handlers,
			ObjectProvider<WorkerContainer> workers, ObjectProvider<SchedulerListener> listeners) {
		SchedulerOptions scheduler = options.scheduler(() -> queues(options, handlers, workers));
		return new SchedulerContainer(scheduler, stores.schedulers(), stores.wakeUps(), stores.clock(),
				listeners.orderedStream().toList());
	}

	private static List<String> queues(RqOptions options, JobHandlerRegistry handlers,
			ObjectProvider<WorkerContainer> workers) {
		return Stream
			.of(workers.orderedStream().flatMap((worker) -> worker.options().queues().stream()),
					handlers.queues().stream(), Stream.of(options.properties().defaultQueue()))
			.flatMap((queues) -> queues)
			.distinct()
			.toList();
	}

}
