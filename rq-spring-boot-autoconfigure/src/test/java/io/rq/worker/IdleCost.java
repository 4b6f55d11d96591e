package io.rq.worker;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.rq.test.TestRedis;

/**
 * What applications that have nothing to do send to Redis, each on a database of its own:
 * Redis shows which one with every command, and whether it came from a client or from
 * within a script. Times are those of Redis.
 */
final class IdleCost {

	private static final Pattern LINE = Pattern.compile("\\+([\\d.]+) \\[(\\d+) (\\S+)\\] \"([^\"]+)\".*");

	private static final double SETTLING_SECONDS = 3;

	private static final double PATIENCE_SECONDS = 60;

	private final Map<Integer, Map<String, Integer>> calls = new TreeMap<>();

	private final Map<Integer, Integer> inside = new TreeMap<>();

	private IdleCost() {
	}

	/**
	 * Looks on until all databases have been used, and then for a while.
	 * @param redis the server
	 * @param databases how many there are
	 * @param seconds for how long to count
	 * @return what was seen
	 */
	static IdleCost during(TestRedis redis, int databases, double seconds) {
		try (Socket socket = new Socket(redis.host(), redis.port())) {
			socket.setSoTimeout(30_000);
			socket.getOutputStream().write("MONITOR\r\n".getBytes(StandardCharsets.UTF_8));
			IdleCost cost = new IdleCost();
			cost.read(new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1)),
					databases, seconds);
			return cost;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void read(BufferedReader lines, int databases, double seconds) throws IOException {
		Set<String> waiting = new HashSet<>();
		double begun = Double.MAX_VALUE;
		double start = Double.MAX_VALUE;
		for (String line = lines.readLine(); line != null; line = lines.readLine()) {
			Matcher matcher = LINE.matcher(line);
			if (matcher.matches()) {
				double now = Double.parseDouble(matcher.group(1));
				begun = Math.min(begun, now);
				if (now > start + seconds) {
					return;
				}
				if (now > begun + PATIENCE_SECONDS) {
					throw new IllegalStateException("Waits of only " + waiting + " were seen");
				}
				if (now > start) {
					count(Integer.parseInt(matcher.group(2)), matcher.group(3), matcher.group(4));
				}
				else if (matcher.group(4).equalsIgnoreCase("BLMOVE") && waiting.add(matcher.group(2))
						&& waiting.size() == databases) {
					start = now + SETTLING_SECONDS;
				}
			}
		}
	}

	private void count(int database, String client, String command) {
		if (client.equals("lua")) {
			this.inside.merge(database, 1, Integer::sum);
		}
		else {
			this.calls.computeIfAbsent(database, (key) -> new TreeMap<>())
				.merge(command.toLowerCase(), 1, Integer::sum);
		}
	}

	/** Returns the number of calls of clients. */
	int calls(int database) {
		return this.calls.getOrDefault(database, Map.of()).values().stream().mapToInt(Integer::intValue).sum();
	}

	@Override
	public String toString() {
		List<String> all = new ArrayList<>();
		this.calls.forEach((database, counts) -> all
			.add("%d: %s, inside scripts %d".formatted(database, counts, this.inside.getOrDefault(database, 0))));
		return String.join("; ", all);
	}

}
