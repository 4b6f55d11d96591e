package io.rq.cron;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

import io.rq.lifecycle.Listeners;
import io.rq.lifecycle.TimeSource;
import io.rq.log.SafeLog;
import io.rq.redis.CronStore;
import io.rq.redis.CronStore.Listed;
import io.rq.redis.CronStore.Settled;
import io.rq.redis.CronStore.State;
import io.rq.scheduler.Duty;
import io.rq.scheduler.Election;

/**
 * Fires the cron jobs of the queues that this process leads. The clock of Redis says what
 * is due, so all nodes agree; between two looks at it the ticker of this machine counts.
 */
public final class CronDuty implements Duty {

	private static final SafeLog log = SafeLog.of(CronDuty.class);

	/**
	 * How often a scheduler of cron jobs gives a sign of life: RQ forgets it after 120 s.
	 */
	private static final long BEAT = TimeUnit.SECONDS.toNanos(40);

	/** How soon RQ's tools are shown what has changed. */
	private static final long NEWS = TimeUnit.SECONDS.toNanos(10);

	/** How soon what has failed is tried again. */
	private static final long PATIENCE = TimeUnit.SECONDS.toNanos(1);

	/** So that elections and the other duties need not wait for all of many. */
	private static final int MOST_AT_ONCE = 50;

	/** Far ahead, for the nano time. */
	private static final Duration LONGEST = Duration.ofDays(365);

	private final Map<String, Watch> watches = new LinkedHashMap<>();

	private final CronJobs jobs;

	private final CronStore store;

	private final Election election;

	private final TimeSource time;

	private final Listeners<CronListener> listeners;

	/** The queues led by others that do not fire, of which people have been told. */
	private final Set<String> told = new HashSet<>();

	private volatile boolean woken;

	/** Which of the cron jobs that are led comes first. */
	private int turn;

	private boolean registered;

	private boolean failing;

	private long lastBeat;

	private long nextBeat;

	/** The time of Redis, and the nano time before it was asked for. */
	private Instant redisTime = Instant.EPOCH;

	private long askedAt;

	/**
	 * Creates the duty.
	 * @param jobs the cron jobs
	 * @param store their state
	 * @param election says which queues this process leads
	 * @param time the time
	 * @param listeners hear what becomes of occurrences
	 */
	public CronDuty(CronJobs jobs, CronStore store, Election election, TimeSource time,
			Listeners<CronListener> listeners) {
		this.jobs = jobs;
		this.store = store;
		this.election = election;
		this.time = time;
		this.listeners = listeners;
	}

	@Override
	public void perform() {
		List<Watch> led = led();
		if (!led.isEmpty() && untilBeat(led) <= 0) {
			beat(led);
		}
		settleDue(led);
		this.jobs.queues().forEach(this::warn);
	}

	/** Begins where the last time has ended, so that all have their turn. */
	private void settleDue(List<Watch> led) {
		int begin = this.turn;
		int settled = 0;
		for (int i = 0; i < led.size() && settled < MOST_AT_ONCE; i++) {
			int at = (begin + i) % led.size();
			Watch watch = led.get(at);
			if (watch.last != null && watch.next - this.time.nanoTime() <= 0) {
				settle(watch, watch.last);
				settled++;
				this.turn = at + 1;
			}
		}
	}

	/** Once, until this process has led the queue in between. */
	private void warn(String queue) {
		String holder = this.election.holder(queue);
		if (this.election.leads(queue)) {
			this.told.remove(queue);
		}
		else if (holder != null && !this.told.contains(queue)) {
			String warning = this.jobs.warning(queue, holder);
			if (warning != null) {
				this.told.add(queue);
				log.warn(warning + ". The lock names it {}", holder);
			}
		}
	}

	@Override
	public long untilNext() {
		List<Watch> led = led();
		if (led.isEmpty()) {
			return Long.MAX_VALUE;
		}
		long now = this.time.nanoTime();
		long next = led.stream()
			.filter((watch) -> watch.last != null)
			.mapToLong((watch) -> watch.next - now)
			.min()
			.orElse(Long.MAX_VALUE);
		return Math.min(next, untilBeat(led));
	}

	/** The cron jobs of the queues that are led; what is known of others is forgotten. */
	private List<Watch> led() {
		List<Watch> led = new ArrayList<>();
		for (CronJobs.Prepared prepared : this.jobs.all()) {
			Watch watch = this.watches.computeIfAbsent(prepared.job().name(), (name) -> new Watch(prepared));
			if (this.election.leads(prepared.queue())) {
				led.add(watch);
			}
			else {
				watch.forget();
			}
		}
		return led;
	}

	/** The time until the next beat, which is at once if a state is not known. */
	private long untilBeat(List<Watch> led) {
		boolean wanted = this.woken || led.stream().anyMatch((watch) -> watch.last == null && !watch.failing);
		return (wanted && !this.failing) ? 0 : this.nextBeat - this.time.nanoTime();
	}

	@Override
	public void wakeAll() {
		this.woken = true;
	}

	private void beat(List<Watch> led) {
		this.woken = false;
		long start = this.time.nanoTime();
		this.lastBeat = start;
		this.nextBeat = start + PATIENCE;
		try {
			CronStore.Beat beat = this.store.beat(this.election.identity(), led.stream().map(Watch::listed).toList());
			this.registered = true;
			this.failing = false;
			this.nextBeat = start + BEAT;
			tell(beat.time(), start);
			for (int i = 0; i < led.size(); i++) {
				read(led.get(i), beat.states().get(i));
			}
		}
		catch (RuntimeException ex) {
			// if Redis is away, this fails too and the cron jobs are not to blame
			this.election.attempt();
			if (!this.failing) {
				log.warn("The state of cron jobs cannot be read; trying again until it can", ex);
			}
			this.failing = true;
		}
	}

	private void tell(Instant redisTime, long askedAt) {
		this.redisTime = redisTime;
		this.askedAt = askedAt;
	}

	private Instant redisNow() {
		return this.redisTime.plusNanos(this.time.nanoTime() - this.askedAt);
	}

	private void read(Watch watch, @Nullable State state) {
		if (state == null) {
			watch.forget();
			this.election.lost(watch.prepared.queue());
		}
		else if (state.failure() != null) {
			watch.last = null;
			failed(watch, new IllegalStateException(state.failure()));
			news();
		}
		else {
			if (watch.last == null) {
				recovered(watch);
			}
			if (!state.last().equals(watch.last)) {
				news();
			}
			watch.last = state.last();
			watch.state = state;
			plan(watch, state.last());
		}
	}

	/** Lets RQ's tools see soon what has changed. */
	private void news() {
		long soon = this.lastBeat + NEWS;
		this.nextBeat = (soon - this.nextBeat < 0) ? soon : this.nextBeat;
	}

	/** Plans what is next after an occurrence. */
	private CronPlan plan(Watch watch, Instant last) {
		Instant now = redisNow();
		CronPlan plan = CronPlan.of(watch.prepared.job(), last, watch.state.resumed(), now);
		boolean ends = plan.occurrence() == null;
		watch.upcoming = ends ? null : plan.due();
		Duration wait = ends ? LONGEST : Duration.between(now, plan.due());
		watch.next = this.time.nanoTime() + ((wait.compareTo(LONGEST) < 0) ? wait : LONGEST).toNanos();
		return plan;
	}

	private void settle(Watch watch, Instant last) {
		CronPlan plan = plan(watch, last);
		Instant occurrence = plan.occurrence();
		long start = this.time.nanoTime();
		if (occurrence == null || watch.next - start > 0) {
			return;
		}
		watch.next = start + PATIENCE;
		CronJob job = watch.prepared.job();
		try {
			String id = plan.fires() ? job.jobId(watch.prepared.queue(), occurrence) : null;
			Settled settled = this.store.settle(this.election.identity(),
					new CronStore.Occurrence(job.name(), watch.prepared.queue(), last, occurrence, plan.due(),
							CronStore.Unended.valueOf(job.overlap().name()),
							(id != null) ? this.jobs.job(job, id) : null));
			recovered(watch);
			settled(watch, plan, settled, start);
		}
		catch (RuntimeException ex) {
			// if Redis is away, this fails too and the cron job is not to blame
			this.election.attempt();
			failed(watch, ex);
		}
	}

	private void settled(Watch watch, CronPlan plan, Settled settled, long start) {
		switch (settled.outcome()) {
			case LOST -> {
				watch.forget();
				this.election.lost(watch.prepared.queue());
			}
			case OTHER -> reread(watch, start);
			case EARLY -> tell(plan.due().minus(settled.time()), start);
			default -> tell(plan.due().plus(settled.time()), start);
		}
		CronFire.Outcome outcome = outcome(settled.outcome());
		if (outcome != null) {
			done(watch, Objects.requireNonNull(plan.occurrence()), outcome, settled.time());
		}
		if (watch.last != null && settled.outcome() != CronStore.Outcome.OTHER) {
			plan(watch, watch.last);
		}
	}

	/** At once, unless it was so even by what has just been read. */
	private void reread(Watch watch, long start) {
		if (watch.state.last().equals(watch.last)) {
			this.nextBeat = start + PATIENCE;
		}
		else {
			watch.forget();
		}
	}

	private static CronFire.@Nullable Outcome outcome(CronStore.Outcome outcome) {
		return switch (outcome) {
			case ENQUEUED -> CronFire.Outcome.FIRED;
			case MISSED -> CronFire.Outcome.MISSED;
			case PAUSED -> CronFire.Outcome.PAUSED;
			case OVERLAPPED -> CronFire.Outcome.OVERLAPPED;
			default -> null;
		};
	}

	private void done(Watch watch, Instant occurrence, CronFire.Outcome outcome, Duration lateness) {
		CronJob job = watch.prepared.job();
		String queue = watch.prepared.queue();
		boolean fired = outcome == CronFire.Outcome.FIRED;
		watch.last = occurrence;
		watch.fired = fired ? this.time.instant() : watch.fired;
		news();
		if (outcome == CronFire.Outcome.MISSED) {
			log.warn("Cron job '{}' has missed its occurrence of {}, and does not make up for it", job.name(),
					occurrence);
		}
		else if (outcome == CronFire.Outcome.OVERLAPPED) {
			log.info("Cron job '{}' leaves out its occurrence of {}: its last job has not ended", job.name(),
					occurrence);
		}
		CronFire fire = new CronFire(job.name(), queue, occurrence, outcome, lateness,
				fired ? job.jobId(queue, occurrence) : null);
		this.listeners.tell((listener) -> listener.settled(fire));
	}

	private void failed(Watch watch, RuntimeException failure) {
		if (!watch.failing) {
			log.warn("Cron job '{}' cannot be fired; trying again until it can", watch.prepared.job().name(), failure);
		}
		watch.failing = true;
	}

	private static void recovered(Watch watch) {
		if (watch.failing) {
			log.info("Cron job '{}' can be fired again", watch.prepared.job().name());
			watch.failing = false;
		}
	}

	@Override
	public void end() {
		this.watches.clear();
		if (this.registered) {
			this.registered = false;
			this.store.leave(this.election.identity(), this.jobs.queues());
		}
	}

	/**
	 * A cron job and when to look at it next.
	 */
	private static final class Watch {

		private final CronJobs.Prepared prepared;

		private State state = new State(Instant.EPOCH, Instant.EPOCH, null, false, null);

		/** The occurrence that was settled last, or null if it is not known. */
		private @Nullable Instant last;

		private @Nullable Instant fired;

		private @Nullable Instant upcoming;

		private boolean failing;

		private long next;

		Watch(CronJobs.Prepared prepared) {
			this.prepared = prepared;
		}

		void forget() {
			this.last = null;
			this.failing = false;
		}

		Listed listed() {
			CronJob job = this.prepared.job();
			return new Listed(job.name(), job.schedule().toString(), this.prepared.sample(),
					RqView.of(job, (this.fired != null) ? this.fired : this.state.firedAt(),
							this.state.paused() ? null : this.upcoming));
		}

	}

}
