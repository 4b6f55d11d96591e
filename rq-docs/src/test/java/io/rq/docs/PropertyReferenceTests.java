package io.rq.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds {@code docs/properties.md} against the metadata of all modules.
 * {@code -Drq.properties=<file>} writes it anew.
 */
class PropertyReferenceTests {

	@Test
	void pageIsThatOfTheMetadata() throws IOException {
		String expected = PropertyReference.create();
		String file = System.getProperty("rq.properties");
		if (file != null) {
			Files.writeString(Path.of(file), expected);
		}
		assertThat(Path.of("../docs/properties.md")).content().isEqualTo(expected);
	}

}
