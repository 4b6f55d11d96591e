package io.rq.test;

import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.sun.management.ThreadMXBean;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Damages valid input by a seed, and holds that whatever comes of it is read or refused
 * with a reason, in a moment and with little memory. {@code -Drq.fuzz.seed} makes the
 * inputs of a run again; a failure tells the seed and the input.
 */
public final class Fuzz {

	/** How many inputs a run has. */
	public static final int INPUTS = 100_000;

	/** What one byte of input may cost. */
	private static final long BYTES_PER_BYTE = 400;

	private static final long BYTES_PER_INPUT = 2_000_000;

	private static final long MOST_MILLIS = 5_000;

	private static final int LONGEST_REASON = 1_000;

	private static final int LONGEST_SHOWN = 10_000;

	/** Pieces that are valid nowhere, or almost. */
	private static final List<String> PIECES = List.of("", "0", "-1", "9223372036854775807", "-9223372036854775808",
			"9223372036854775808", "1e999999999", "1e-999999999", "NaN", "-inf", "+inf", "null", "true", "{}", "[]",
			"[[[[", "{\"a\":", "\"", "\\u0000", "\\ud800", "\n", "\r\n", "\0", ":", ",", "%00", "../", "'", "\u00e4",
			"\ud83d\ude00", "\uffff", "[1, 2]", "1".repeat(400), "[".repeat(2_000));

	private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private final long seed = Long.getLong("rq.fuzz.seed", System.nanoTime());

	private final Random random = new Random(this.seed);

	private final List<byte[]> pieces;

	private int read;

	private int refused;

	/**
	 * Creates a source of damaged input.
	 * @param pieces what else means something to the readers of it
	 */
	public Fuzz(byte[]... pieces) {
		this.pieces = Stream.concat(PIECES.stream().map(Fuzz::bytes), Arrays.stream(pieces)).toList();
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	/**
	 * Returns the source of chance, for input that is made, and for what a reader does
	 * with it, which is the same when it reads an input again.
	 * @return the source
	 */
	public Random random() {
		return this.random;
	}

	/**
	 * Returns what the inputs are made from.
	 * @return the seed
	 */
	public long seed() {
		return this.seed;
	}

	/**
	 * Returns one of some.
	 * @param <T> the type
	 * @param choices some
	 * @return one
	 */
	public <T> T any(List<T> choices) {
		return choices.get(this.random.nextInt(choices.size()));
	}

	/**
	 * Damages one of some inputs in up to three places.
	 * @param valid the inputs
	 * @return the damaged one
	 */
	public byte[] damaged(List<byte[]> valid) {
		byte[] input = any(valid).clone();
		for (int i = this.random.nextInt(3); i >= 0; i--) {
			input = damage(input, valid);
		}
		return input;
	}

	/**
	 * Damages one of some texts.
	 * @param valid the texts
	 * @return the damaged one
	 */
	public String damagedText(List<String> valid) {
		return new String(damaged(valid.stream().map(Fuzz::bytes).toList()), StandardCharsets.UTF_8);
	}

	/**
	 * Damages up to three values of one of some hashes, or takes them out.
	 * @param valid the hashes
	 * @return the damaged one
	 */
	public Map<String, byte[]> damagedHash(List<Map<String, byte[]>> valid) {
		Map<String, byte[]> hash = new HashMap<>(any(valid));
		List<String> names = hash.keySet().stream().sorted().toList();
		for (int i = this.random.nextInt(3); i >= 0; i--) {
			String name = any(names);
			switch (this.random.nextInt(6)) {
				case 0 -> hash.remove(name);
				case 1 -> hash.put(name, any(this.pieces));
				case 2 -> hash.put(name, any(valid).getOrDefault(any(names), new byte[0]));
				default -> hash.put(name, damaged(List.of(hash.getOrDefault(name, new byte[0]))));
			}
		}
		return hash;
	}

	private byte[] damage(byte[] input, List<byte[]> valid) {
		if (input.length == 0) {
			return any(this.pieces).clone();
		}
		int place = this.random.nextInt(input.length);
		int end = Math.min(input.length, place + 1 + this.random.nextInt(8));
		return switch (this.random.nextInt(8)) {
			case 0 -> join(input, place, place + 1, new byte[] { (byte) this.random.nextInt(256) });
			case 1 ->
				join(input, place, place + 1, new byte[] { (byte) (input[place] ^ (1 << this.random.nextInt(8))) });
			case 2 -> join(input, place, end, new byte[0]);
			case 3 -> join(input, place, place, Arrays.copyOfRange(input, place, end));
			case 4 -> Arrays.copyOf(input, place);
			case 5 -> join(input, place, this.random.nextBoolean() ? place : end, piece(any(valid)));
			default -> join(input, place, this.random.nextBoolean() ? place : end, any(this.pieces));
		};
	}

	private byte[] piece(byte[] input) {
		int start = (input.length > 0) ? this.random.nextInt(input.length) : 0;
		return Arrays.copyOfRange(input, start, Math.min(input.length, start + this.random.nextInt(40)));
	}

	private static byte[] join(byte[] input, int start, int end, byte[] middle) {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		out.write(input, 0, start);
		out.writeBytes(middle);
		out.write(input, end, input.length - end);
		return out.toByteArray();
	}

	/**
	 * Reads a hundred thousand inputs.
	 * @param <T> the type of the input
	 * @param inputs makes the next one
	 * @param reader reads one, or refuses it by throwing an exception
	 * @param refusals the exceptions that are documented
	 */
	public final <T> void eachIsReadOrRefused(Supplier<T> inputs, Reader<T> reader,
			List<Class<? extends Exception>> refusals) {
		Loop<T> loop = new Loop<>(inputs, reader, refusals);
		loop.run();
		assertThat(this.read).as("inputs that were read, seed %d", this.seed).isGreaterThan(INPUTS / 50);
		if (!refusals.isEmpty()) {
			assertThat(this.refused).as("inputs that were refused, seed %d", this.seed).isGreaterThan(INPUTS / 50);
		}
	}

	/**
	 * Returns a failure that tells how to make it again.
	 * @param input the input
	 * @param what what is wrong
	 * @param cause why, or {@code null}
	 * @return the failure
	 */
	public AssertionError failure(Object input, String what, @Nullable Throwable cause) {
		return new AssertionError(
				what + ", -Drq.fuzz.seed=" + this.seed + ", input " + StringUtils.truncate(shown(input), LONGEST_SHOWN),
				cause);
	}

	private static long size(Object input) {
		if (input instanceof Map<?, ?> hash) {
			return hash.values().stream().mapToLong(Fuzz::size).sum();
		}
		return (input instanceof byte[] bytes) ? bytes.length : input.toString().length();
	}

	private static String shown(Object input) {
		if (input instanceof Map<?, ?> hash) {
			return hash.entrySet()
				.stream()
				.map((field) -> field.getKey() + "=" + shown(field.getValue()))
				.collect(Collectors.joining(", ", "{", "}"));
		}
		return (input instanceof byte[] bytes)
				? HexFormat.of().formatHex(bytes) + " (" + new String(bytes, StandardCharsets.UTF_8) + ")"
				: input.toString();
	}

	/**
	 * On a thread of its own, whose stack is short: most of the time goes to the traces
	 * of the exceptions.
	 *
	 * @param <T> the type of the input
	 */
	private final class Loop<T> {

		private final Supplier<T> inputs;

		private final Reader<T> reader;

		private final List<Class<? extends Exception>> refusals;

		private Loop(Supplier<T> inputs, Reader<T> reader, List<Class<? extends Exception>> refusals) {
			this.inputs = inputs;
			this.reader = reader;
			this.refusals = refusals;
		}

		void run() {
			FutureTask<Boolean> task = new FutureTask<>(this::all);
			Thread thread = new Thread(task, "fuzz");
			thread.setDaemon(true);
			thread.start();
			try {
				task.get();
			}
			catch (ExecutionException ex) {
				throw new AssertionError(ex.getCause().getMessage(), ex.getCause());
			}
			catch (InterruptedException ex) {
				throw new AssertionError("It takes too long, -Drq.fuzz.seed=" + Fuzz.this.seed, ex);
			}
		}

		private boolean all() {
			attempt(this.inputs.get());
			Fuzz.this.read = 0;
			Fuzz.this.refused = 0;
			for (int i = 0; i < INPUTS; i++) {
				T input = this.inputs.get();
				long choices = Fuzz.this.random.nextLong();
				// what is loaded or connected to at first takes its share once
				if (excess(input, choices) != null) {
					String excess = excess(input, choices);
					if (excess != null) {
						throw failure(input, excess, null);
					}
				}
			}
			return true;
		}

		/** Returns what takes too much, if anything does. */
		private @Nullable String excess(T input, long choices) {
			Fuzz.this.random.setSeed(choices);
			long before = Fuzz.this.threads.getCurrentThreadAllocatedBytes();
			long start = System.nanoTime();
			attempt(input);
			long allocated = Fuzz.this.threads.getCurrentThreadAllocatedBytes() - before;
			long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
			boolean much = allocated > BYTES_PER_INPUT + BYTES_PER_BYTE * size(input) || millis > MOST_MILLIS;
			return much ? allocated + " bytes, " + millis + " ms" : null;
		}

		private void attempt(T input) {
			try {
				this.reader.read(input);
				Fuzz.this.read++;
			}
			catch (Throwable ex) {
				if (this.refusals.stream().noneMatch((refusal) -> refusal == ex.getClass())) {
					throw failure(input, "Neither read nor refused as documented", ex);
				}
				String reason = ex.getMessage();
				if (reason == null || reason.length() < 10 || reason.length() > LONGEST_REASON) {
					throw failure(input, "Refused without a reason, or with one that is too long", ex);
				}
				Fuzz.this.refused++;
			}
		}

	}

	/**
	 * Reads an input.
	 *
	 * @param <T> the type of the input
	 */
	@FunctionalInterface
	public interface Reader<T> {

		/**
		 * Reads it.
		 * @param input the input
		 * @throws Exception if it is refused
		 */
		void read(T input) throws Exception;

	}

}
