package io.rq.serializer;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/**
 * Pickles made by Python, protocols 0 to 5: {@code pickles.tsv}, which {@code pickles.py}
 * writes.
 */
final class PickleSamples {

	private PickleSamples() {
	}

	static List<Sample> all() {
		try (InputStream in = PickleSamples.class.getResourceAsStream("pickles.tsv")) {
			String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
			return text.lines().map((line) -> Sample.of(line.split("\t"))).toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Those of plain values. */
	static List<Sample> plain() {
		return all().stream().filter((sample) -> !sample.expected().startsWith("!")).toList();
	}

	/** Those of something else, which are refused. */
	static List<Sample> refused() {
		return all().stream().filter((sample) -> sample.expected().startsWith("!")).toList();
	}

	/**
	 * One pickle.
	 *
	 * @param name what it is of, and its protocol
	 * @param pickle the bytes
	 * @param expected the JSON it stands for, or {@code !} and the opcode that is refused
	 */
	@SuppressWarnings("ArrayRecordComponent")
	record Sample(String name, byte[] pickle, String expected) {

		private static Sample of(String[] columns) {
			return new Sample(columns[0] + " " + columns[1], HexFormat.of().parseHex(columns[2]), columns[3]);
		}

		String refusedOpcode() {
			return this.expected.substring(1);
		}

		@Override
		public String toString() {
			return this.name;
		}

	}

}
