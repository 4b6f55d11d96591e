package io.rq.redis;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

import javax.management.JMException;
import javax.management.ObjectName;

import com.sun.management.ThreadMXBean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Zlib}. What Python makes of the streams is tested with Python's RQ.
 */
class ZlibTests {

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 65, 255, 256, 257, 5_000 })
	void everyLengthIsAWholeStreamThatReadsTheSame(int length) throws DataFormatException {
		byte[] bytes = new byte[length];
		new Random(length).nextBytes(bytes);
		byte[] stream = Zlib.deflate(bytes);
		assertThat(stream).startsWith(0x78, 0x9c);
		Inflater inflater = new Inflater();
		inflater.setInput(stream);
		byte[] read = new byte[length + 1];
		int count = inflater.inflate(read);
		assertThat(inflater.finished()).isTrue();
		assertThat(inflater.getRemaining()).isZero();
		assertThat(count).isEqualTo(length);
		assertThat(Zlib.inflate(stream, length)).isEqualTo(bytes);
	}

	@Test
	void longTextIsCompressed() {
		byte[] bytes = "a call with many words ".repeat(50).getBytes(StandardCharsets.UTF_8);
		assertThat(Zlib.deflate(bytes).length).isLessThan(bytes.length / 10);
	}

	@Test
	void whatIsNoStreamIsReadAsItIs() {
		byte[] bytes = "[\"module.function\", null, [], {}]".getBytes(StandardCharsets.UTF_8);
		assertThat(Zlib.inflate(bytes, bytes.length)).isEqualTo(bytes);
		assertThat(Zlib.inflate(bytes, bytes.length - 1)).isNull();
	}

	@Test
	void noMoreIsInflatedThanAllowed() {
		byte[] bomb = Zlib.deflate(new byte[100_000_000]);
		assertThat(bomb.length).isLessThan(200_000);
		long before = allocated();
		assertThat(Zlib.inflate(bomb, 1_000_000)).isNull();
		assertThat(allocated() - before).isLessThan(10_000_000);
		assertThat(Zlib.inflate(Zlib.deflate(new byte[1_001]), 1_000)).isNull();
		assertThat(Zlib.inflate(Zlib.deflate(new byte[1_000]), 1_000)).hasSize(1_000);
	}

	private static long allocated() {
		return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
	}

	@Test
	void noCompressorIsKeptPerThread() throws Exception {
		int deflaters = count("java.util.zip.Deflater");
		int inflaters = count("java.util.zip.Inflater");
		CountDownLatch end = new CountDownLatch(1);
		byte[] bytes = new byte[1_000];
		for (int i = 0; i < 300; i++) {
			CountDownLatch done = new CountDownLatch(1);
			Thread thread = new Thread(() -> {
				Zlib.inflate(Zlib.deflate(bytes), 1_000);
				done.countDown();
				try {
					end.await();
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			});
			thread.setDaemon(true);
			thread.start();
			assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
		}
		try {
			assertThat(count("java.util.zip.Deflater") - deflaters).isLessThan(50);
			assertThat(count("java.util.zip.Inflater") - inflaters).isLessThan(50);
		}
		finally {
			end.countDown();
		}
	}

	/** How many objects of a type there are, as far as they are still in use. */
	private static int count(String type) throws JMException {
		Object histogram = ManagementFactory.getPlatformMBeanServer()
			.invoke(new ObjectName("com.sun.management:type=DiagnosticCommand"), "gcClassHistogram",
					new Object[] { new String[0] }, new String[] { String[].class.getName() });
		return histogram.toString()
			.lines()
			.map((line) -> line.strip().split("\\s+"))
			.filter((words) -> words.length >= 4 && words[3].equals(type))
			.mapToInt((words) -> Integer.parseInt(words[1]))
			.sum();
	}

}
