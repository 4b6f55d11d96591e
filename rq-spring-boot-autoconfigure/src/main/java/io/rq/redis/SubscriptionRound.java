package io.rq.redis;

import java.time.Duration;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.rq.lifecycle.Round;

/**
 * Keeps a subscription, however often it takes: one that hears nothing more is replaced.
 * For a loop of its own, because a subscription may take its time.
 */
public final class SubscriptionRound implements Round {

	private static final Duration PATIENCE = Duration.ofSeconds(2);

	private final Supplier<Subscription> subscribe;

	private final Runnable subscribed;

	private volatile @Nullable Subscription subscription;

	private volatile boolean lost;

	/**
	 * Creates the round.
	 * @param subscribe makes a subscription
	 * @param subscribed called when there is one from now on
	 */
	public SubscriptionRound(Supplier<Subscription> subscribe, Runnable subscribed) {
		this.subscribe = subscribe;
		this.subscribed = subscribed;
	}

	/**
	 * Takes note that the subscription was lost: the next run makes another.
	 */
	public void lost() {
		this.lost = true;
	}

	/**
	 * Returns the channel to which a message is to be sent that the subscription should
	 * hear, or {@code null} if there is none. For any thread.
	 * @return the channel
	 */
	public @Nullable String probe() {
		Subscription current = this.subscription;
		return (current != null) ? current.probe() : null;
	}

	@Override
	public Duration run() {
		Subscription current = this.subscription;
		if (this.lost || current != null && current.isDeaf(PATIENCE)) {
			end();
		}
		if (this.subscription == null) {
			this.subscription = this.subscribe.get();
			this.subscribed.run();
		}
		return PATIENCE;
	}

	@Override
	public void end() {
		Subscription current = this.subscription;
		this.subscription = null;
		this.lost = false;
		if (current != null) {
			current.close();
		}
	}

}
