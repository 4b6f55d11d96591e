package io.rq.test.run;

import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

import io.rq.handler.JobHandlerRegistry;
import io.rq.job.InvalidJobException;
import io.rq.job.Job;
import io.rq.job.Partitions;
import io.rq.serializer.JobSerializer;

/**
 * Tells which jobs the application runs: those of its handlers, and whatever stands on a
 * queue of its handlers or workers. The others are for other programs.
 *
 * @param handlers the handlers of the application
 * @param worked gets the queues of its workers
 * @param partitions which queues are divided
 * @param serializer reads the calls of jobs
 */
public record OwnJobs(JobHandlerRegistry handlers, Supplier<List<String>> worked, Partitions partitions,
		JobSerializer serializer) implements Predicate<Job> {

	@Override
	public boolean test(Job job) {
		return isServed(job.queue()) || isServed(this.partitions.whole(job.queue())) || hasHandler(job);
	}

	private boolean isServed(String queue) {
		return this.handlers.queues().contains(queue) || this.worked.get().contains(queue);
	}

	private boolean hasHandler(Job job) {
		try {
			return this.handlers.find(this.serializer.readCall(job.payload().data()).function()) != null;
		}
		catch (InvalidJobException ex) {
			return false;
		}
	}

}
