package io.rq.scheduler;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.rq.lifecycle.Listeners;
import io.rq.lifecycle.TimeSource;
import io.rq.redis.SchedulerStore;

/**
 * What a scheduler consists of, put together when its queues are known.
 *
 * @param options what it schedules and how
 * @param leadership its elections
 * @param promoter the first of its duties, which is told of scheduled jobs
 * @param duties what it does for the queues it leads, in this order
 */
record SchedulerParts(SchedulerOptions options, Leadership leadership, DueJobPromoter promoter, List<Duty> duties) {

	static SchedulerParts of(SchedulerOptions options, SchedulerStore store, TimeSource time,
			Supplier<@Nullable String> probe, Listeners<SchedulerListener> listeners,
			List<Function<Election, Duty>> further) {
		Leadership leadership = new Leadership(options, store, time, probe, listeners);
		DueJobPromoter promoter = new DueJobPromoter(options, store, leadership, time, listeners);
		List<Duty> duties = new ArrayList<>(List.of(promoter));
		further.forEach((duty) -> duties.add(duty.apply(leadership)));
		return new SchedulerParts(options, leadership, promoter, List.copyOf(duties));
	}

	/** What the scheduler is for each of its queues. */
	List<QueueLeadership> describe() {
		return this.options.queues().stream().map(this::describe).toList();
	}

	private QueueLeadership describe(String queue) {
		return new QueueLeadership(queue, this.leadership.leads(queue), this.leadership.since(queue),
				this.promoter.passes(queue));
	}

}
