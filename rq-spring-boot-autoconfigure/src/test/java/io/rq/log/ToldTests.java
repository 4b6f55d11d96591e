package io.rq.log;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Told}.
 */
class ToldTests {

	private final AtomicLong time = new AtomicLong();

	private final Told told = new Told(Duration.ofHours(1), 2, this.time::get);

	@Test
	void tellsATextAgainWhenItsTimeIsOver() {
		assertThat(this.told.isNews("a")).isTrue();
		this.time.set(Duration.ofMinutes(59).toNanos());
		assertThat(this.told.isNews("a")).isFalse();
		this.time.set(Duration.ofMinutes(60).toNanos());
		assertThat(this.told.isNews("a")).isTrue();
	}

	@Test
	void tellsNoMoreTextsThanItMay() {
		assertThat(this.told.isNews("a")).isTrue();
		assertThat(this.told.isNews("b")).isTrue();
		assertThat(this.told.isNews("c")).isFalse();
		this.time.set(Duration.ofHours(1).toNanos());
		assertThat(this.told.isNews("c")).isTrue();
	}

}
