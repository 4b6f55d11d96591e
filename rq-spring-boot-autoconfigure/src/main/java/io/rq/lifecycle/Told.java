package io.rq.lifecycle;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What has been told within the last minute and is not told again. Safe for use by many
 * threads.
 */
public final class Told {

	private static final long SILENCE = TimeUnit.MINUTES.toNanos(1);

	/** Texts may contain anything: so many are told apart in a minute. */
	private static final int MOST_TOLD = 10;

	private static final int LONGEST_KEY = 300;

	private final Map<String, Long> told = new LinkedHashMap<>();

	private final LongSupplier nanoTime;

	/**
	 * Creates a memory that is empty.
	 */
	public Told() {
		this(System::nanoTime);
	}

	Told(LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
	}

	/**
	 * Takes note of what is to be told.
	 * @param text by what it is known
	 * @return whether it should be told
	 */
	public synchronized boolean isNews(String text) {
		long now = this.nanoTime.getAsLong();
		this.told.values().removeIf((at) -> now - at >= SILENCE);
		String key = text.substring(0, Math.min(LONGEST_KEY, text.length()));
		return this.told.size() < MOST_TOLD && this.told.putIfAbsent(key, now) == null;
	}

}
