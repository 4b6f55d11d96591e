package io.rq.redis;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ForeignWishes}.
 */
@ExtendWith(OutputCaptureExtension.class)
class ForeignWishesTests {

	private final ForeignWishes wishes = new ForeignWishes();

	@Test
	void webhooksAreWarnedAboutOncePerFunction(CapturedOutput output) {
		for (int i = 0; i < 3; i++) {
			this.wishes.look(hash("tasks.add(1, 2)", "webhooks", "[{}]"));
		}
		assertThat(lines(output, "Jobs of 'tasks.add' ask for webhooks")).hasSize(1);
	}

	@Test
	void jobsWithoutThemAreNot(CapturedOutput output) {
		this.wishes.look(hash("tasks.add(1, 2)", "webhooks", "[]"));
		this.wishes.look(Map.of());
		assertThat(output).doesNotContain("ask for");
	}

	@Test
	void aForeignNameCannotForgeLines(CapturedOutput output) {
		this.wishes.look(hash("x\n2026 ERROR forged\u001b[31m", "webhooks", "[{}]"));
		assertThat(lines(output, "Jobs of 'x?2026 ERROR forged?[31m' ask for")).hasSize(1);
	}

	private static List<String> lines(CapturedOutput output, String text) {
		return output.getOut().lines().filter((line) -> line.contains(text)).toList();
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static Map<String, byte[]> hash(String description, String... fields) {
		Map<String, byte[]> hash = new HashMap<>(Map.of("description", bytes(description)));
		for (int i = 0; i < fields.length; i += 2) {
			hash.put(fields[i], bytes(fields[i + 1]));
		}
		return hash;
	}

}
