package io.rq.sample.thumbnail;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;

import javax.imageio.ImageIO;

import net.coobird.thumbnailator.Thumbnails;

import org.springframework.stereotype.Component;

import io.rq.annotation.RqJob;
import io.rq.sample.WorkDirectory;
import io.rq.sample.report.Tally;

/**
 * Shrinks pictures.
 */
@Component
public class ThumbnailJobs {

	/** The longest side of a thumbnail in pixels, if nothing else is asked for. */
	public static final int SIZE = 160;

	private final PictureStore pictures;

	private final WorkDirectory directory;

	private final Tally tally;

	ThumbnailJobs(PictureStore pictures, WorkDirectory directory, Tally tally) {
		this.pictures = pictures;
		this.directory = directory;
		this.tally = tally;
	}

	/**
	 * Makes a thumbnail of a stored picture.
	 * @param picture the picture's name
	 * @param size the longest side of the thumbnail in pixels
	 * @return the thumbnail
	 * @throws IOException if the picture cannot be read or the thumbnail not written
	 */
	@RqJob(queue = "thumbnails", timeout = "1m")
	public Thumbnail shrink(String picture, int size) throws IOException {
		BufferedImage original = Thumbnails.of(this.pictures.find(picture).toFile()).scale(1).asBufferedImage();
		BufferedImage image = isWithin(size, original) ? original
				: Thumbnails.of(original).size(size, size).asBufferedImage();
		ByteArrayOutputStream png = new ByteArrayOutputStream();
		ImageIO.write(image, "png", png);
		Path file = this.directory.write("thumbnails", picture + "." + size + ".png", png.toByteArray());
		this.tally.thumbnailMade();
		return new Thumbnail(file.toString(), image.getWidth(), image.getHeight(), png.size());
	}

	private static boolean isWithin(int size, BufferedImage image) {
		return image.getWidth() <= size && image.getHeight() <= size;
	}

}
