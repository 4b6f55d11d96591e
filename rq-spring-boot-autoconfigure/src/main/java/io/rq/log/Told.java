package io.rq.log;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * What has been told a short while ago and is not told again. Safe for use by many
 * threads.
 */
public final class Told {

	private static final Duration SILENCE = Duration.ofMinutes(1);

	private static final int MOST_TOLD = 10;

	private static final int LONGEST_KEY = 300;

	private final Map<String, Long> told = new LinkedHashMap<>();

	private final long silence;

	private final int most;

	private final LongSupplier nanoTime;

	/**
	 * Creates a memory that is empty, of what is told once a minute, ten texts at most.
	 */
	public Told() {
		this(System::nanoTime);
	}

	/**
	 * Creates a memory that is empty.
	 * @param silence for how long nothing is told again
	 * @param most how many texts are told within that time: they may contain anything
	 */
	public Told(Duration silence, int most) {
		this(silence, most, System::nanoTime);
	}

	/**
	 * The same with a clock of its own.
	 * @param nanoTime tells the time in nanoseconds, as {@link System#nanoTime()} does
	 */
	public Told(LongSupplier nanoTime) {
		this(SILENCE, MOST_TOLD, nanoTime);
	}

	Told(Duration silence, int most, LongSupplier nanoTime) {
		this.silence = silence.toNanos();
		this.most = most;
		this.nanoTime = nanoTime;
	}

	/**
	 * Takes note of what is to be told.
	 * @param text by what it is known
	 * @return whether it should be told
	 */
	public synchronized boolean isNews(String text) {
		long now = this.nanoTime.getAsLong();
		this.told.values().removeIf((at) -> now - at >= this.silence);
		String key = text.substring(0, Math.min(LONGEST_KEY, text.length()));
		return this.told.size() < this.most && this.told.putIfAbsent(key, now) == null;
	}

}
