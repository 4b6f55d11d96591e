package io.rq.redis;

import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Looks after the slots of rate limits: those of jobs that are gone are freed, and jobs
 * that wait get what is free. Not for many threads.
 */
final class SlotKeeper {

	private static final int PART = 500;

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
	 * Looks at about ten thousand holders or twenty limits and goes on from there at the
	 * next call. A limit that cannot be read keeps no other from being looked at.
	 */
	void tidy() {
		@Nullable ScriptRefusedException failure = null;
		int parts = 0;
		do {
			try {
				step();
			}
			catch (ScriptRefusedException ex) {
				failure = ex;
				this.keys.poll();
				this.nextHolders = "0";
			}
			parts++;
		}
		while (parts < PARTS_AT_ONCE && !(this.keys.isEmpty() && this.nextKeys.equals("0") && !this.byTime));
		if (failure != null) {
			throw failure;
		}
	}

	private void step() {
		String key = this.keys.peek();
		if (key == null) {
			List<?> names = this.scripts.run(Script.SCAN,
					ScriptArguments.keys(this.byTime ? this.place.rateWindows() : this.place.rateLimits())
						.add(this.nextKeys)
						.add(PART));
			this.nextKeys = Replies.text(names.get(0));
			this.byTime ^= this.nextKeys.equals("0");
			Replies.list(names, 1).forEach((name) -> this.keys.add(Replies.text(name)));
		}
		else {
			List<?> reply = this.scripts.run(Script.FREE_SLOTS,
					ScriptArguments.keys(this.place.slotHolders(key))
						.add(key)
						.add(this.nextHolders)
						.add(PART)
						.add(Timestamps.text(this.clock.instant())));
			this.nextHolders = Replies.text(reply.get(0));
			if (this.nextHolders.equals("0")) {
				this.keys.remove();
			}
		}
	}

}
