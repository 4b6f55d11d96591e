package io.rq.sample.thumbnail;

/**
 * The result of shrinking a picture.
 *
 * @param file the path of the PNG file
 * @param width its width in pixels
 * @param height its height in pixels
 * @param bytes its size
 */
public record Thumbnail(String file, int width, int height, long bytes) {

}
