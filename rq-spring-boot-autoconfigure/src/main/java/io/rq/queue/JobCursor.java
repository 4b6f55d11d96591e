package io.rq.queue;

import java.util.regex.Pattern;

import org.springframework.util.Assert;
import org.springframework.util.StringUtils;

/**
 * Where a page of jobs ends: what the next one goes on from. Jobs that come and go
 * meanwhile do not shift it.
 *
 * @param place the last job's score in its registry, or its position on the queue, as
 * Redis tells it
 * @param member the last job, as it stands there; what others have written there may be
 * empty
 */
public record JobCursor(String place, String member) {

	/** As Redis writes them. */
	private static final Pattern NUMBER = Pattern
		.compile("-?(?:inf|[0-9]{1,40}(?:\\.[0-9]{1,40})?(?:e[-+]?[0-9]{1,3})?)");

	private static final Pattern POSITION = Pattern.compile("[0-9]{1,15}");

	/**
	 * Checks the parts.
	 * @throws IllegalArgumentException if the place is no number
	 */
	public JobCursor {
		Assert.isTrue(NUMBER.matcher(place).matches(), () -> "The cursor '" + StringUtils.truncate(place + "," + member)
				+ "' is not one of a page; begin without one");
	}

	/**
	 * Reads a cursor.
	 * @param text the text of {@link #toString()}
	 * @return the cursor
	 * @throws IllegalArgumentException if it is no cursor
	 */
	public static JobCursor of(String text) {
		int comma = text.indexOf(',');
		Assert.isTrue(comma > 0,
				() -> "The cursor '" + StringUtils.truncate(text) + "' is not one of a page; begin without one");
		return new JobCursor(text.substring(0, comma), text.substring(comma + 1));
	}

	/**
	 * Returns whether it may be one of a queue, and not only one of a registry.
	 * @return whether the place is a position
	 */
	public boolean isPosition() {
		return POSITION.matcher(this.place).matches();
	}

	@Override
	public String toString() {
		return this.place + "," + this.member;
	}

}
