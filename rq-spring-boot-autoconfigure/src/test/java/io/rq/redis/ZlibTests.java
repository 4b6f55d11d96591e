package io.rq.redis;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

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
		assertThat(Zlib.inflate(stream)).isEqualTo(bytes);
	}

	@Test
	void longTextIsCompressed() {
		byte[] bytes = "a call with many words ".repeat(50).getBytes(StandardCharsets.UTF_8);
		assertThat(Zlib.deflate(bytes).length).isLessThan(bytes.length / 10);
	}

	@Test
	void whatIsNoStreamIsReadAsItIs() {
		byte[] bytes = "[\"module.function\", null, [], {}]".getBytes(StandardCharsets.UTF_8);
		assertThat(Zlib.inflate(bytes)).isEqualTo(bytes);
	}

}
