package io.rq.serializer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

import io.rq.job.InvalidJobException;
import io.rq.test.Fuzz;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Throws damaged and random pickles at the reader: each is read or refused with a reason,
 * in a moment and with little memory.
 */
class PickleFuzzTests {

	private static final int MAX_SIZE = 20_000;

	/** Opcodes that need something of the right kind on the stack. */
	private static final String STRUCTURE = "(01ltdaesu\220\221";

	/** Opcodes that need little. */
	private static final String SAFE = "2N]})\217\205\206\224\210";

	private final Fuzz fuzz = new Fuzz(allOpcodes());

	private final Random random = this.fuzz.random();

	private final JobSerializer serializer = SerializerFormat.PICKLE.serializer(JsonMapper.builder().build(), MAX_SIZE);

	@Test
	void whatIsWrittenIsReadAsItWas() {
		for (int i = 0; i < 2_000; i++) {
			Object value = value(5);
			byte[] pickle = this.serializer.writeValue(value);
			assertThat(this.serializer.readValue(pickle, Object.class)).as("-Drq.fuzz.seed=%d", this.fuzz.seed())
				.isEqualTo(value);
		}
	}

	@ParameterizedTest
	@EnumSource
	@Timeout(value = 5, unit = TimeUnit.MINUTES)
	void everyInputIsReadOrRefused(Reading reading) {
		List<byte[]> pickles = pickles(reading);
		this.fuzz.eachIsReadOrRefused(() -> (this.random.nextInt(4) == 0) ? opcodes() : this.fuzz.damaged(pickles),
				(input) -> reading.read(this.serializer, input),
				List.of(InvalidJobException.class, JobSerializationException.class));
	}

	private List<byte[]> pickles(Reading reading) {
		List<byte[]> pickles = new ArrayList<>();
		PickleSamples.all().forEach((sample) -> pickles.add(sample.pickle()));
		for (int i = 0; i < 1_000; i++) {
			pickles.add(switch (reading) {
				case CALL -> this.serializer.writeCall("reports.monthly",
						Arrays.asList("for all that are in the list", i, value(2)),
						Map.of("format", List.of(i, "comma-separated values")));
				case VALUE -> this.serializer.writeValue(value(4));
				case META -> this.serializer.writeValue(Collections.singletonMap(text(), value(3)));
			});
		}
		pickles.removeIf((pickle) -> pickle.length > 500);
		return pickles;
	}

	private @Nullable Object value(int depth) {
		return switch (this.random.nextInt((depth > 0) ? 9 : 6)) {
			case 0 -> null;
			case 1 -> this.random.nextBoolean();
			case 2 -> this.random.nextInt(70_000) - 100;
			case 3 -> Integer.MAX_VALUE + 1L + this.random.nextInt(1_000_000);
			case 4 -> this.random.nextGaussian();
			case 5 -> text();
			case 6, 7 -> {
				List<@Nullable Object> list = new ArrayList<>();
				for (int i = this.random.nextInt(5); i > 0; i--) {
					list.add(value(depth - 1));
				}
				yield list;
			}
			default -> {
				Map<String, @Nullable Object> map = new LinkedHashMap<>();
				for (int i = this.random.nextInt(5); i > 0; i--) {
					map.put(text(), value(depth - 1));
				}
				yield map;
			}
		};
	}

	private String text() {
		StringBuilder text = new StringBuilder();
		for (int i = this.random.nextInt(8) * this.random.nextInt(8); i > 0; i--) {
			text.append((this.random.nextInt(4) > 0) ? (char) ('a' + this.random.nextInt(26))
					: (char) this.random.nextInt(Character.MIN_SURROGATE));
		}
		return text.toString();
	}

	/** A tuple of what opcodes make that mostly work on what is there already. */
	private byte[] opcodes() {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		out.writeBytes("(]\224NK\7".getBytes(StandardCharsets.ISO_8859_1));
		for (int i = this.random.nextInt(12) * this.random.nextInt(12); i > 0; i--) {
			switch (this.random.nextInt(6)) {
				case 0 -> out.writeBytes(new byte[] { 'h', (byte) this.random.nextInt(2) });
				case 1 -> out.writeBytes(new byte[] { 'K', (byte) this.random.nextInt(256) });
				case 2 -> out.write(STRUCTURE.charAt(this.random.nextInt(STRUCTURE.length())));
				default -> out.write(SAFE.charAt(this.random.nextInt(SAFE.length())));
			}
		}
		out.writeBytes("t.".getBytes(StandardCharsets.ISO_8859_1));
		return out.toByteArray();
	}

	private static byte[][] allOpcodes() {
		return Arrays.stream(PickleOpcode.values())
			.map((opcode) -> new byte[] { (byte) opcode.code() })
			.toArray(byte[][]::new);
	}

}
