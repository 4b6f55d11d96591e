package io.rq.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

import org.springframework.stereotype.Component;

/**
 * The directory in which the jobs find and leave their files.
 */
@Component
public class WorkDirectory {

	private final Path root;

	WorkDirectory(SampleProperties properties) {
		this.root = properties.workDirectory().toPath().toAbsolutePath();
	}

	/**
	 * Returns the path of a file, which need not exist.
	 * @param folder the folder
	 * @param name the file's plain name
	 * @return the path
	 * @throws IllegalArgumentException if the name leads out of the folder
	 */
	public Path file(String folder, String name) {
		Path parent = this.root.resolve(folder);
		Path file = parent.resolve(name).normalize();
		if (!parent.equals(file.getParent())) {
			throw new IllegalArgumentException("'" + name + "' is not the plain name of a file");
		}
		return file;
	}

	/**
	 * Writes a file. Readers see all of it or nothing, also when a job runs twice.
	 * @param folder the folder
	 * @param name the file's plain name
	 * @param content the content
	 * @return the path
	 * @throws IOException if it cannot be written
	 */
	public Path write(String folder, String name, byte[] content) throws IOException {
		Path file = file(folder, name);
		Files.createDirectories(file.getParent());
		Path unfinished = Files.createTempFile(file.getParent(), ".", ".unfinished");
		Files.write(unfinished, content);
		return Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
	}

}
