package io.rq.benchmarks;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The calls that clients make to a Redis, taken from its {@code MONITOR}, to be played
 * again without the clients. What scripts call is left out, and so is what waits.
 */
final class Recording implements AutoCloseable {

	private static final Set<String> IGNORED = Set.of("HELLO", "CLIENT", "INFO", "PING", "SCRIPT", "FLUSHALL",
			"MONITOR", "SUBSCRIBE", "PSUBSCRIBE", "UNSUBSCRIBE", "CONFIG", "COMMAND", "SELECT", "XREAD", "QUIT");

	private static final int HEX = 16;

	private final RespConnection connection;

	private final List<byte[][]> calls = new ArrayList<>();

	private final Thread reader = new Thread(this::read, "monitor");

	private volatile boolean closed;

	Recording(int port) throws IOException {
		this.connection = new RespConnection(port);
		this.connection.call("MONITOR");
		this.reader.setDaemon(true);
		this.reader.start();
	}

	private void read() {
		try {
			while (!this.closed) {
				byte[][] call = parse(this.connection.receiveLine());
				if (call.length > 0) {
					synchronized (this.calls) {
						this.calls.add(call);
					}
				}
			}
		}
		catch (IOException ex) {
			// The recording has ended.
		}
	}

	/**
	 * Returns what was recorded since the last time.
	 */
	List<byte[][]> take() {
		synchronized (this.calls) {
			List<byte[][]> taken = List.copyOf(this.calls);
			this.calls.clear();
			return taken;
		}
	}

	/**
	 * Parses {@code +1339518083.107412 [0 127.0.0.1:60866] "EVAL" "…"}.
	 */
	static byte[][] parse(byte[] line) throws EOFException {
		int start = indexOf(line, ']', 0);
		if (line.length == 0 || start < 0) {
			throw new EOFException("The monitor has ended");
		}
		boolean script = line[start - 1] == 'a';
		List<byte[]> words = new ArrayList<>();
		for (int i = indexOf(line, '"', start); i >= 0 && !script; i = indexOf(line, '"', i)) {
			ByteArrayOutputStream word = new ByteArrayOutputStream();
			i = word(line, i + 1, word);
			words.add(word.toByteArray());
		}
		boolean ignored = words.isEmpty() || isIgnored(new String(words.get(0), StandardCharsets.UTF_8));
		return ignored ? new byte[0][] : words.toArray(byte[][]::new);
	}

	private static boolean isIgnored(String command) {
		String name = command.toUpperCase(Locale.ROOT);
		return IGNORED.contains(name) || name.startsWith("BL") || name.startsWith("BR") || name.startsWith("BZ");
	}

	private static int word(byte[] line, int from, ByteArrayOutputStream word) {
		int i = from;
		while (line[i] != '"') {
			if (line[i] != '\\') {
				word.write(line[i++]);
				continue;
			}
			switch (line[i + 1]) {
				case 'x' -> {
					word.write(Integer.parseInt(new String(line, i + 2, 2, StandardCharsets.US_ASCII), HEX));
					i += 2;
				}
				case 'n' -> word.write('\n');
				case 'r' -> word.write('\r');
				case 't' -> word.write('\t');
				case 'a' -> word.write('\u0007');
				case 'b' -> word.write('\b');
				default -> word.write(line[i + 1]);
			}
			i += 2;
		}
		return i + 1;
	}

	private static int indexOf(byte[] line, char wanted, int from) {
		for (int i = from; i < line.length; i++) {
			if (line[i] == wanted) {
				return i;
			}
		}
		return -1;
	}

	@Override
	public void close() {
		this.closed = true;
		this.connection.close();
	}

}
