package io.rq.autoconfigure;

import java.util.List;
import java.util.stream.Stream;

import org.springframework.beans.factory.ObjectProvider;

import io.rq.cron.CronJobs;
import io.rq.handler.JobHandlerRegistry;
import io.rq.worker.WorkerContainer;

/**
 * The queues that this application has to do with: those of its workers, of its handlers
 * and of its cron jobs, and the default queue. Complete when all singletons have been
 * created.
 *
 * @param options the properties
 * @param handlers the handlers of the jobs
 * @param workers the workers
 * @param cronJobs the cron jobs
 */
record KnownQueues(RqOptions options, JobHandlerRegistry handlers, ObjectProvider<WorkerContainer> workers,
		ObjectProvider<CronJobs> cronJobs) {

	List<String> all() {
		Stream<String> enqueuedTo = Stream.concat(this.cronJobs.stream().flatMap((jobs) -> jobs.queues().stream()),
				Stream.of(this.options.properties().defaultQueue()));
		return this.options.partitions().of(Stream.concat(worked(), enqueuedTo).toList());
	}

	/** Those whose jobs the workers here take or the handlers here are for. */
	List<String> ofWork() {
		return this.options.partitions().of(worked().toList());
	}

	private Stream<String> worked() {
		return Stream.concat(this.workers.orderedStream().flatMap((worker) -> worker.options().queues().stream()),
				this.handlers.queues().stream());
	}

}
