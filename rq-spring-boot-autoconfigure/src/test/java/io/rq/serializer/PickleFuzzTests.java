package io.rq.serializer;

import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import com.sun.management.ThreadMXBean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.json.JsonMapper;

import io.rq.job.InvalidJobException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Throws damaged and random pickles at the reader: each is read or refused with a reason,
 * in a moment and with little memory.
 */
class PickleFuzzTests {

	private static final int INPUTS = 100_000;

	private static final int MAX_SIZE = 20_000;

	/** What one byte of a pickle may cost: eight of JSON, and the objects of those. */
	private static final long BYTES_PER_BYTE = 400;

	private static final long BYTES_PER_INPUT = 2_000_000;

	/** Opcodes that need something of the right kind on the stack. */
	private static final String STRUCTURE = "(01ltdaesu\220\221";

	/** Opcodes that need little. */
	private static final String SAFE = "2N]})\217\205\206\224\210";

	private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private final long seed = System.nanoTime();

	private final Random random = new Random(this.seed);

	private final JobSerializer serializer = SerializerFormat.PICKLE.serializer(JsonMapper.builder().build(), MAX_SIZE);

	private int read;

	private int refused;

	@Test
	void whatIsWrittenIsReadAsItWas() {
		for (int i = 0; i < 2_000; i++) {
			Object value = value(5);
			byte[] pickle = this.serializer.writeValue(value);
			assertThat(this.serializer.readValue(pickle, Object.class)).as("seed %d", this.seed).isEqualTo(value);
		}
	}

	@Test
	@Timeout(value = 2, unit = TimeUnit.MINUTES)
	void everyInputIsReadOrRefused() {
		List<byte[]> pickles = pickles();
		check(pickles.get(0));
		for (int i = 0; i < INPUTS; i++) {
			byte[] input = (this.random.nextInt(4) == 0) ? opcodes() : damaged(pickles);
			long before = allocated();
			long start = System.nanoTime();
			check(input);
			long allocated = allocated() - before;
			long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
			if (allocated > BYTES_PER_INPUT + BYTES_PER_BYTE * input.length || millis > 5_000) {
				throw failure(input, allocated + " bytes, " + millis + " ms", null);
			}
		}
		assertThat(this.read).as("inputs that were read, seed %d", this.seed).isGreaterThan(INPUTS / 50);
		assertThat(this.refused).as("inputs that were refused, seed %d", this.seed).isGreaterThan(INPUTS / 50);
	}

	private List<byte[]> pickles() {
		List<byte[]> pickles = new ArrayList<>();
		PickleSamples.all().forEach((sample) -> pickles.add(sample.pickle()));
		for (int i = 0; i < 300; i++) {
			pickles.add(this.serializer.writeValue(value(4)));
			pickles.add(this.serializer.writeCall("f", List.of("a", i), Map.of("b", List.of(i, "c"))));
		}
		pickles.removeIf((pickle) -> pickle.length > 500);
		return pickles;
	}

	private long allocated() {
		return this.threads.getCurrentThreadAllocatedBytes();
	}

	private void check(byte[] input) {
		try {
			PickleJson.of(input, MAX_SIZE);
			this.read++;
		}
		catch (JobSerializationException ex) {
			requireReason(input, ex);
			this.refused++;
			return;
		}
		catch (Throwable ex) {
			throw failure(input, "Neither read nor refused", ex);
		}
		readValueAndCall(input);
	}

	private void readValueAndCall(byte[] input) {
		try {
			this.serializer.readValue(input, Object.class);
			SerializedCall call = this.serializer.readCall(input);
			call.args();
			call.kwargs();
		}
		catch (InvalidJobException | JobSerializationException ex) {
			requireReason(input, ex);
		}
		catch (Throwable ex) {
			throw failure(input, "Neither bound nor refused", ex);
		}
	}

	private void requireReason(byte[] input, RuntimeException ex) {
		String message = ex.getMessage();
		if (message == null || message.length() < 20 || message.length() > 600) {
			throw failure(input, "Refused without a reason", ex);
		}
	}

	private AssertionError failure(byte[] input, String what, @Nullable Throwable cause) {
		return new AssertionError(what + ", seed " + this.seed + ": " + HexFormat.of().formatHex(input), cause);
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

	private byte[] damaged(List<byte[]> pickles) {
		byte[] input = any(pickles).clone();
		for (int i = this.random.nextInt(3); i >= 0 && input.length > 0; i--) {
			int place = this.random.nextInt(input.length);
			int end = Math.min(input.length, place + 1 + this.random.nextInt(8));
			switch (this.random.nextInt(6)) {
				case 0 -> input[place] = (byte) this.random.nextInt(256);
				case 1 -> input[place] = opcode();
				case 2 -> input[place] ^= (byte) (1 << this.random.nextInt(8));
				case 3 -> input = join(input, place, end, new byte[0]);
				case 4 -> input = join(input, place, place, Arrays.copyOfRange(input, place, end));
				default -> input = join(input, place, this.random.nextBoolean() ? place : end, piece(any(pickles)));
			}
		}
		return input;
	}

	private byte[] any(List<byte[]> pickles) {
		return pickles.get(this.random.nextInt(pickles.size()));
	}

	private byte[] piece(byte[] pickle) {
		int start = this.random.nextInt(pickle.length);
		return Arrays.copyOfRange(pickle, start, Math.min(pickle.length, start + this.random.nextInt(40)));
	}

	private static byte[] join(byte[] input, int start, int end, byte[] middle) {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		out.write(input, 0, start);
		out.writeBytes(middle);
		out.write(input, end, input.length - end);
		return out.toByteArray();
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

	private byte opcode() {
		PickleOpcode[] opcodes = PickleOpcode.values();
		return (byte) opcodes[this.random.nextInt(opcodes.length)].code();
	}

}
