package io.rq.test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.zip.Deflater;

import org.junit.jupiter.api.Test;

import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link RedisState}.
 */
@RedisTest
class RedisStateTests {

	private final TestRedis redis;

	private final StringRedisTemplate template;

	RedisStateTests(TestRedis redis) {
		this.redis = redis;
		this.template = new StringRedisTemplate(redis.connectionFactory());
	}

	@Test
	void showsEveryTypeOfKey() {
		this.template.opsForValue().set("string", "grün", Duration.ofSeconds(600));
		this.template.opsForList().rightPushAll("list", "b", "a");
		this.template.opsForSet().add("set", "b", "a");
		this.template.opsForZSet().add("zset", "late", 2.5);
		this.template.opsForZSet().add("zset", "early", 1);
		this.template.opsForHash().putAll("hash", Map.of("b", "2", "a", "1"));
		this.template.opsForStream().add("stream", Map.of("f", "v"));
		RedisState state = this.redis.state();
		assertThat(state.keys()).containsOnlyKeys("string", "list", "set", "zset", "hash", "stream");
		assertThat(RedisState.text(String.valueOf(state.string("string")))).isEqualTo("grün");
		assertThat(state.ttl("string")).isBetween(590L, 600L);
		assertThat(state.ttl("list")).isEqualTo(-1);
		assertThat(state.list("list")).containsExactly("b", "a");
		assertThat(state.set("set")).containsExactly("a", "b");
		assertThat(state.zset("zset")).containsExactly(Map.entry("early", 1.0), Map.entry("late", 2.5));
		assertThat(state.hash("hash")).containsExactly(Map.entry("a", "1"), Map.entry("b", "2"));
		assertThat(state.stream("stream")).singleElement()
			.satisfies((entry) -> assertThat(entry.fields()).containsExactly(Map.entry("f", "v")));
		assertThat(state).isEqualTo(this.redis.state()).asString().contains("list list ttl=-1 [b, a]");
	}

	@Test
	void absentKeysAreEmptyAndOtherTypesAnError() {
		this.template.opsForSet().add("set", "a");
		RedisState state = this.redis.state();
		assertThat(state.get("none")).isNull();
		assertThat(state.ttl("none")).isEqualTo(-2);
		assertThat(state.list("none")).isEmpty();
		assertThatIllegalStateException().isThrownBy(() -> state.list("set")).withMessage("set is a set, not a list");
	}

	@Test
	void inflatesWhatZlibCompressed() {
		Deflater deflater = new Deflater();
		deflater.setInput("[\"é\"]".getBytes(StandardCharsets.UTF_8));
		deflater.finish();
		byte[] buffer = new byte[100];
		int length = deflater.deflate(buffer);
		deflater.end();
		assertThat(RedisState.inflate(new String(buffer, 0, length, StandardCharsets.ISO_8859_1))).isEqualTo("[\"é\"]");
	}

}
