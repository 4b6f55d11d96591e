package io.rq.redis;

import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Looks after the slots of rate limits: those of jobs that are gone are freed, and jobs
 * that wait get what is free. Not for many threads.
 */
final class SlotKeeper {

	private static final int PART = 500;

	/** How many limits one call looks at, at most. */
	private static final int LIMITS = 200;

	private static final int PARTS_AT_ONCE = 20;

	private final RedisScripts scripts;

	private final QueueKeys place;

	private final Clock clock;

	private final Deque<String> keys = new ArrayDeque<>();

	private String nextKeys = "0";

	/** Whether the next keys are those of limits by time. */
	private boolean byTime;

	private String nextHolders = "0";

	/**
	 * Creates the keeper.
	 * @param place where the limits lie
	 */
	SlotKeeper(RedisScripts scripts, QueueKeys place, Clock clock) {
		this.scripts = scripts;
		this.place = place;
		this.clock = clock;
	}

	/**
	 * Looks at about ten thousand holders or four thousand limits and goes on from there
	 * at the next call. A limit that cannot be read keeps no other from being looked at.
	 */
	void tidy() {
		List<Object> refused = new ArrayList<>();
		int parts = 0;
		do {
			step(refused);
			parts++;
		}
		while (parts < PARTS_AT_ONCE && !(this.keys.isEmpty() && this.nextKeys.equals("0") && !this.byTime));
		RefusedKeys.of(Script.FREE_SLOTS, refused).raise();
	}

	private void step(List<Object> refused) {
		if (this.keys.isEmpty()) {
			List<?> names = this.scripts.run(Script.SCAN,
					ScriptArguments.keys(this.byTime ? this.place.rateWindows() : this.place.rateLimits())
						.add(this.nextKeys)
						.add(PART));
			this.nextKeys = Replies.text(names.get(0));
			this.byTime ^= this.nextKeys.equals("0");
			Replies.list(names, 1).forEach((name) -> this.keys.add(Replies.text(name)));
		}
		else {
			ScriptArguments arguments = ScriptArguments.keys(this.place.rateLimits())
				.add(this.nextHolders)
				.add(PART)
				.add(Timestamps.text(this.clock.instant()));
			this.keys.stream().limit(LIMITS).forEach(arguments::add);
			List<?> reply = this.scripts.run(Script.FREE_SLOTS, arguments);
			for (long done = Replies.number(reply.get(0)); done > 0; done--) {
				this.keys.remove();
			}
			this.nextHolders = Replies.text(reply.get(1));
			refused.addAll(Replies.list(reply, 2));
		}
	}

}
