package io.rq.sample.film;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

import javax.imageio.ImageIO;

import net.coobird.thumbnailator.Thumbnails;

import org.springframework.stereotype.Component;

import io.rq.annotation.RqJob;
import io.rq.handler.JobContext;
import io.rq.sample.WorkDirectory;
import io.rq.sample.thumbnail.PictureStore;

/**
 * Makes films.
 */
@Component
public class FilmJobs {

	private static final int WIDTH = 320;

	private static final int HEIGHT = 180;

	private final PictureStore pictures;

	private final WorkDirectory directory;

	FilmJobs(PictureStore pictures, WorkDirectory directory) {
		this.pictures = pictures;
		this.directory = directory;
	}

	/**
	 * Makes the frames of a film that zooms to the middle of a picture.
	 * @param context tells whether the job was stopped, and how far it has come
	 * @param picture the picture's name
	 * @param frames how many frames to make
	 * @return the film
	 * @throws IOException if the picture cannot be read or a frame not written
	 */
	@RqJob(queue = "films", timeout = "10m")
	public Film zoom(JobContext context, String picture, int frames) throws IOException {
		BufferedImage original = Thumbnails.of(this.pictures.find(picture).toFile()).scale(1).asBufferedImage();
		String folder = "films/" + context.job().id();
		for (int i = 0; i < frames && !context.isCancelled(); i++) {
			this.directory.write(folder, "frame-%05d.png".formatted(i), frame(original, 1 - i / (2.0 * frames)));
			context.progress((i + 1.0) / frames, "frame %d of %d".formatted(i + 1, frames));
		}
		return new Film(this.directory.file("films", context.job().id()).toString(), frames);
	}

	private static byte[] frame(BufferedImage original, double part) throws IOException {
		int width = (int) (original.getWidth() * part);
		int height = (int) (original.getHeight() * part);
		BufferedImage frame = Thumbnails.of(original)
			.sourceRegion((original.getWidth() - width) / 2, (original.getHeight() - height) / 2, width, height)
			.size(WIDTH, HEIGHT)
			.asBufferedImage();
		ByteArrayOutputStream png = new ByteArrayOutputStream();
		ImageIO.write(frame, "png", png);
		return png.toByteArray();
	}

}
