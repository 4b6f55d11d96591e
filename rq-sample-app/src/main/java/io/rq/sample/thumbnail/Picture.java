package io.rq.sample.thumbnail;

/**
 * A stored picture.
 *
 * @param name the name of its file
 * @param width its width in pixels
 * @param height its height in pixels
 */
public record Picture(String name, int width, int height) {

	private static final long MAX_PIXELS = 50_000_000;

	boolean isTooLarge() {
		return (long) this.width * this.height > MAX_PIXELS;
	}

}
