package io.rq.chaos;

import java.time.Duration;
import java.util.List;
import java.util.Random;

import io.rq.test.FaultProxy;

/**
 * What happens between processes and their Redis.
 */
final class NetworkFaults {

	private static final Duration AT_WORK = Duration.ofSeconds(2);

	/** Nobody hears that a connection is half open before a command has no answer. */
	private static final Duration NOTICED = AT_WORK.plus(Stage.TIMEOUT);

	private static final Duration LATER = Duration.ofMillis(200);

	private static final int LOST_PERCENT = 3;

	private final FaultProxy network;

	NetworkFaults(FaultProxy network) {
		this.network = network;
	}

	List<Fault.Kind> all() {
		return List.of(at("connections cut", AT_WORK, FaultProxy::cut),
				at("connections half open", NOTICED, FaultProxy::goDeaf),
				at("connections that lose replies", NOTICED, FaultProxy::loseAllReplies),
				lasting("connections refused", (network) -> network.accept(false), (network) -> network.accept(true)),
				lasting("requests delayed by 200 ms", (network) -> network.delay(LATER),
						(network) -> network.delay(Duration.ZERO)),
				lasting("all delivered byte by byte", (network) -> network.trickle(true),
						(network) -> network.trickle(false)),
				lasting("requests held back", (network) -> network.hold((request) -> true), FaultProxy::release),
				this::repliesLost);
	}

	private Fault.Kind at(String kind, Duration bar, Step step) {
		return (random, form) -> new Fault(kind, "", (stage) -> {
			step.take(this.network);
			return Strike.harmless(stage.awaitStarts(System.currentTimeMillis()), bar);
		});
	}

	private Fault.Kind lasting(String kind, Step begin, Step end) {
		return (random, form) -> {
			Duration length = Duration.ofMillis(random.nextInt(form.longest() * 1_000));
			return new Fault(kind, "for " + length.toMillis() + " ms", (stage) -> {
				begin.take(this.network);
				Stage.pause(length);
				end.take(this.network);
				return Strike.harmless(stage.awaitStarts(System.currentTimeMillis()), AT_WORK);
			});
		};
	}

	private Fault repliesLost(Random random, Form form) {
		Duration length = Duration.ofSeconds(form.longest());
		Random chance = new Random(random.nextLong());
		return new Fault(LOST_PERCENT + " % of replies lost with their connections", "for " + length.toSeconds() + " s",
				(stage) -> {
					this.network.loseReplyTo((request) -> chance.nextInt(100) < LOST_PERCENT);
					Stage.pause(length);
					this.network.loseReplyTo(null);
					return Strike.harmless(stage.awaitStarts(System.currentTimeMillis()), AT_WORK);
				});
	}

	@FunctionalInterface
	private interface Step {

		void take(FaultProxy network);

	}

}
