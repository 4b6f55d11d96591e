package io.rq.history;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.rq.handler.JobListener;
import io.rq.handler.RunInfo;
import io.rq.handler.RunOutcome;
import io.rq.lifecycle.Round;
import io.rq.lifecycle.TimeSource;
import io.rq.queue.ReclaimedJob;
import io.rq.redis.HistoryStore;
import io.rq.redis.HistoryStore.Call;
import io.rq.redis.HistoryStore.Series;
import io.rq.redis.HistoryStore.Tally;
import io.rq.scheduler.PromotedJobs;
import io.rq.scheduler.SchedulerListener;

/**
 * Counts in memory what becomes of the jobs here; each round adds it to what is in Redis.
 * What Redis did not take is added by a later round; what comes meanwhile counts as of
 * then. Queues of this process are looked at once a minute when nothing happens.
 */
public class HistoryRecorder implements JobListener, SchedulerListener, Round {

	/** How often what was counted is written. */
	static final Duration INTERVAL = Duration.ofSeconds(10);

	private static final Duration LOOK = Duration.ofSeconds(55);

	/** The jobs of so many queues are counted by queue, those of all others together. */
	private static final int MOST_QUEUES = 200;

	private final HistoryStore store;

	private final Predicate<String> functions;

	private final Supplier<? extends Collection<String>> queues;

	private final TimeSource time;

	private final Map<String, Map<String, Counters>> counters = new ConcurrentHashMap<>();

	private final Deque<Call> pending = new ArrayDeque<>();

	private @Nullable Long lookedAt;

	/**
	 * Creates the recorder.
	 * @param store where it is written
	 * @param functions which functions there are here; all others count together, so that
	 * those who enqueue cannot fill the history
	 * @param queues gets the queues whose length is looked at
	 * @param time what time it is
	 */
	public HistoryRecorder(HistoryStore store, Predicate<String> functions,
			Supplier<? extends Collection<String>> queues, TimeSource time) {
		this.store = store;
		this.functions = functions;
		this.queues = queues;
		this.time = time;
	}

	@Override
	public boolean isForAnyRedis() {
		return false;
	}

	@Override
	public void started(RunInfo run, @Nullable Duration waited) {
		Counters counted = of(run);
		counted.count(Numbers.STARTED);
		if (waited != null) {
			counted.count(Numbers.WAITING, waited, 1);
		}
	}

	@Override
	public void ended(RunInfo run, RunOutcome outcome, Duration took, @Nullable Throwable failure) {
		switch (outcome) {
			case FINISHED -> ended(run, Numbers.FINISHED, took);
			case FAILED, STOPPED -> ended(run, Numbers.FAILED, took);
			case RETRIED -> ended(run, Numbers.RETRIED, took);
			case RELEASED, LOST -> {
			}
		}
	}

	private void ended(RunInfo run, int number, Duration took) {
		Counters counted = of(run);
		counted.count(number);
		counted.count(Numbers.RUNNING, took, 1);
	}

	@Override
	public void reclaimed(ReclaimedJob reclaimed) {
		switch (reclaimed.outcome()) {
			case FAILED -> of(reclaimed.queue(), HistoryStore.OTHERS).count(Numbers.FAILED);
			case RETRIED -> of(reclaimed.queue(), HistoryStore.OTHERS).count(Numbers.RETRIED);
			case REQUEUED, DROPPED -> {
			}
		}
	}

	/** Of jobs moved at the same time only the latest one tells how late it was. */
	@Override
	public void promoted(String queue, PromotedJobs jobs) {
		of(queue, "").count(Numbers.LATENESS, jobs.oldestLateness(), jobs.count());
	}

	private Counters of(RunInfo run) {
		String function = run.function();
		Counters known = of(run.job().queue()).get(function);
		return (known != null) ? known
				: of(run.job().queue(), this.functions.test(function) ? function : HistoryStore.OTHERS);
	}

	private Counters of(String queue, String function) {
		return of(queue).computeIfAbsent(function, (name) -> new Counters());
	}

	private Map<String, Counters> of(String queue) {
		Map<String, Counters> known = this.counters.get(queue);
		return (known != null) ? known : this.counters.computeIfAbsent(
				(this.counters.size() < MOST_QUEUES) ? queue : HistoryStore.ALL, (name) -> new ConcurrentHashMap<>());
	}

	@Override
	public Duration run() {
		write();
		if (this.pending.isEmpty()) {
			this.pending.addAll(this.store.calls(take()));
			write();
		}
		return INTERVAL;
	}

	@Override
	public void end() {
		run();
	}

	private void write() {
		while (!this.pending.isEmpty()) {
			this.store.add(this.pending.element());
			this.pending.remove();
		}
	}

	private List<Tally> take() {
		List<Tally> tallies = new ArrayList<>();
		Set<String> looked = new TreeSet<>(this.queues.get());
		long[] all = new long[Numbers.COUNT];
		boolean any = false;
		for (Map.Entry<String, Map<String, Counters>> queue : this.counters.entrySet()) {
			long[] sum = take(queue.getKey(), queue.getValue(), tallies);
			if (sum != null) {
				any = true;
				Numbers.add(all, sum);
				if (!queue.getKey().equals(HistoryStore.ALL)) {
					looked.remove(queue.getKey());
					tallies.add(new Tally(new Series(queue.getKey(), ""), sum));
				}
			}
		}
		if (any) {
			tallies.add(new Tally(new Series(HistoryStore.ALL, ""), all));
		}
		if (isTimeToLook(any)) {
			looked.forEach((queue) -> tallies.add(new Tally(new Series(queue, ""), new long[Numbers.COUNT])));
		}
		return tallies;
	}

	private static long @Nullable [] take(String queue, Map<String, Counters> functions, List<Tally> tallies) {
		long[] sum = new long[Numbers.COUNT];
		boolean any = false;
		for (Map.Entry<String, Counters> function : functions.entrySet()) {
			Tally tally = new Tally(new Series(queue, function.getKey()), function.getValue().take());
			if (!tally.isEmpty()) {
				any = true;
				Numbers.add(sum, tally.numbers());
				if (!function.getKey().isEmpty() && !queue.equals(HistoryStore.ALL)) {
					// jobs of a queue wait in one line: what they do is told by it
					Arrays.fill(tally.numbers(), Numbers.OF_QUEUES, Numbers.COUNT, 0);
					tallies.add(tally);
				}
			}
		}
		return any ? sum : null;
	}

	private boolean isTimeToLook(boolean any) {
		long now = this.time.nanoTime();
		Long last = this.lookedAt;
		if (!any && last != null && now - last < LOOK.toNanos()) {
			return false;
		}
		this.lookedAt = now;
		return true;
	}

}
