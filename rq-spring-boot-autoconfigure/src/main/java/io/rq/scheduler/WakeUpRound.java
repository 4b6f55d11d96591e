package io.rq.scheduler;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import io.rq.lifecycle.Round;
import io.rq.redis.SchedulerWakeUps;

/**
 * Subscribes to the wake-ups, however often it takes. Apart from the scheduler's own
 * rounds, because a subscription may take its time and is not needed to be correct. One
 * that hears nothing more is replaced.
 */
final class WakeUpRound implements Round {

	private static final Duration PATIENCE = Duration.ofSeconds(2);

	private final SchedulerWakeUps wakeUps;

	private final SchedulerWakeUps.Listener listener;

	private final Runnable subscribed;

	private volatile SchedulerWakeUps.@Nullable Subscription subscription;

	private volatile boolean lost;

	/**
	 * Creates the round.
	 * @param wakeUps the wake-ups
	 * @param listener who is told of them
	 * @param subscribed called when it is from now on
	 */
	WakeUpRound(SchedulerWakeUps wakeUps, SchedulerWakeUps.Listener listener, Runnable subscribed) {
		this.wakeUps = wakeUps;
		this.listener = listener;
		this.subscribed = subscribed;
	}

	/**
	 * Takes note that the subscription was lost: the next run makes another.
	 */
	void lost() {
		this.lost = true;
	}

	/**
	 * Returns the channel to which a message is to be sent that the subscription should
	 * hear, or {@code null} if there is none. For any thread.
	 */
	@Nullable String probe() {
		SchedulerWakeUps.Subscription current = this.subscription;
		return (current != null) ? current.probe() : null;
	}

	@Override
	public Duration run() {
		SchedulerWakeUps.Subscription current = this.subscription;
		if (this.lost || current != null && current.isDeaf(PATIENCE)) {
			end();
		}
		if (this.subscription == null) {
			this.subscription = this.wakeUps.subscribe(this.listener);
			this.subscribed.run();
		}
		return PATIENCE;
	}

	@Override
	public void end() {
		SchedulerWakeUps.Subscription current = this.subscription;
		this.subscription = null;
		this.lost = false;
		if (current != null) {
			current.close();
		}
	}

}
