package io.rq.sample.thumbnail;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import java.util.Set;

import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

import org.springframework.stereotype.Component;
import org.springframework.util.DigestUtils;

import io.rq.sample.WorkDirectory;

/**
 * Keeps the pictures to be shrunk. A job carries the picture's name, not its bytes: jobs
 * in Redis stay small.
 */
@Component
public class PictureStore {

	private static final Set<String> FORMATS = Set.of("png", "jpeg", "gif", "bmp");

	private final WorkDirectory directory;

	PictureStore(WorkDirectory directory) {
		this.directory = directory;
	}

	/**
	 * Stores a picture. Its name is made of its content, so that the same picture takes
	 * its room only once.
	 * @param content the bytes of a PNG, JPEG, GIF or BMP file
	 * @return the stored picture
	 * @throws IllegalArgumentException if it is no such picture or too large
	 * @throws IOException if it cannot be stored
	 */
	public Picture store(byte[] content) throws IOException {
		Picture picture = inspect(content);
		if (picture.isTooLarge()) {
			throw new IllegalArgumentException(
					"The picture has %d x %d pixels, which is too large".formatted(picture.width(), picture.height()));
		}
		this.directory.write("pictures", picture.name(), content);
		return picture;
	}

	/**
	 * Returns where a picture is.
	 * @param name the picture's name
	 * @return the path of its file
	 * @throws IllegalArgumentException if that is no plain name
	 */
	public Path find(String name) {
		return this.directory.file("pictures", name);
	}

	private static Picture inspect(byte[] content) {
		try (ImageInputStream input = ImageIO.createImageInputStream(new ByteArrayInputStream(content))) {
			Iterator<ImageReader> readers = ImageIO.getImageReaders(input);
			while (readers.hasNext()) {
				ImageReader reader = readers.next();
				String format = reader.getFormatName().toLowerCase(Locale.ROOT);
				if (FORMATS.contains(format)) {
					reader.setInput(input);
					return new Picture(DigestUtils.md5DigestAsHex(content) + "." + format, reader.getWidth(0),
							reader.getHeight(0));
				}
			}
		}
		catch (IOException | RuntimeException ex) {
			throw new IllegalArgumentException("The file begins like a picture but cannot be read", ex);
		}
		throw new IllegalArgumentException("The file is not a picture: send a PNG, JPEG, GIF or BMP file");
	}

}
