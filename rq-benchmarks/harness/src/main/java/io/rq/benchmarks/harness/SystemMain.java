package io.rq.benchmarks.harness;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;

import com.sun.management.ThreadMXBean;

/**
 * The main loop of a measured process: reads a command per line and answers each with one
 * line. The commands are described in the README of the benchmarks.
 */
public final class SystemMain {

	private final SystemUnderTest system;

	private final Producer producer;

	private final Recorder recorder = Recorder.INSTANCE;

	private SystemMain(SystemUnderTest system) {
		this.system = system;
		this.producer = new Producer(system);
	}

	/**
	 * Serves commands until the input ends.
	 * @param system the system to drive
	 * @throws IOException if the input cannot be read
	 */
	public static void run(SystemUnderTest system) throws IOException {
		new SystemMain(system).serve();
		Runtime.getRuntime().halt(0);
	}

	private void serve() throws IOException {
		BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
		String line = commands.readLine();
		while (line != null && !line.equals("exit")) {
			System.out.println(answer(line.split(" ")));
			System.out.flush();
			line = commands.readLine();
		}
	}

	private Answer answer(String[] command) {
		try {
			return execute(command);
		}
		catch (Exception | LinkageError ex) {
			ex.printStackTrace();
			return new Answer().with("error", ex);
		}
	}

	private Answer execute(String[] command) throws Exception {
		return switch (command[0]) {
			case "open" -> open();
			case "clear" -> clear();
			case "enqueue" -> this.producer.enqueue(number(command, 1), number(command, 2));
			case "bulk" -> this.producer.bulk(number(command, 1));
			case "pace" -> this.producer.pace(number(command, 1), number(command, 2));
			case "load" -> this.producer.load(number(command, 1), number(command, 2));
			case "schedule" -> this.producer.schedule(number(command, 1), number(command, 2));
			case "later" -> this.producer.later(number(command, 1));
			case "retry" -> this.producer.retry(number(command, 1), number(command, 2));
			case "start" -> start(number(command, 1));
			case "scheduling" -> prepareForSchedule();
			case "expect" -> expect(number(command, 1));
			case "await" -> await(number(command, 1), number(command, 2));
			case "latencies" -> this.recorder.writeLatencies(Path.of(command[1]), Path.of(command[2]));
			case "stats" -> new Answer().with("allocated", allocatedBytes());
			case "heap" -> new Answer().with("used", usedHeap());
			case "halt" -> halt();
			default -> throw new IllegalArgumentException("Unknown command " + command[0]);
		};
	}

	private static int number(String[] command, int index) {
		return Integer.parseInt(command[index]);
	}

	private Answer open() throws Exception {
		this.system.openProducer();
		Answer answer = new Answer().with("version", this.system.version());
		for (Feature feature : Feature.values()) {
			answer.with(feature.name().toLowerCase(Locale.ROOT), this.system.features().contains(feature));
		}
		return answer;
	}

	private Answer clear() throws Exception {
		this.system.clear();
		return new Answer();
	}

	private Answer start(int concurrency) throws Exception {
		this.system.startWorker(concurrency);
		return new Answer();
	}

	private Answer prepareForSchedule() throws Exception {
		this.system.prepareForSchedule();
		return new Answer();
	}

	private Answer expect(int jobs) {
		this.recorder.expect(jobs);
		return new Answer();
	}

	private Answer await(int jobs, int millis) throws InterruptedException {
		if (jobs > 0) {
			this.recorder.expectInAll(jobs);
		}
		this.recorder.await(millis);
		return this.recorder.progress();
	}

	private static long usedHeap() {
		System.gc();
		return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
	}

	private Answer halt() throws Exception {
		this.system.stopWorker();
		return new Answer();
	}

	private static long allocatedBytes() {
		ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
		long sum = 0;
		for (long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
			sum += Math.max(0, bytes);
		}
		return sum;
	}

}
