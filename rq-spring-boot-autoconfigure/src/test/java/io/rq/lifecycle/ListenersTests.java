package io.rq.lifecycle;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for {@link Listeners}.
 */
@ExtendWith(OutputCaptureExtension.class)
class ListenersTests {

	private final AtomicLong time = new AtomicLong();

	private final List<String> heard = new ArrayList<>();

	@Test
	void oneThatThrowsNeitherDisturbsTheOthersNorWhoTells() {
		listeners(new Broken(new AssertionError("no")), this.heard::add, new Broken(new IllegalStateException("no")),
				this.heard::add)
			.tell((listener) -> listener.hear("this"));
		assertThat(this.heard).containsExactly("this", "this");
	}

	@Test
	void exceptionThatCannotBePrintedIsToldAllTheSame(CapturedOutput output) {
		listeners(new Broken(new Unprintable())).tell((listener) -> listener.hear("this"));
		assertThat(output).contains("Listener " + Broken.class.getName() + " failed", Unprintable.class.getName());
	}

	@Test
	void whatOneThrowsAgainAndAgainIsToldOnceAMinute(CapturedOutput output) {
		Listeners<Listener> listeners = listeners((message) -> {
			throw new IllegalStateException("about " + message);
		}, new Broken(new IllegalArgumentException("no")));
		for (int second = 0; second < 150; second += 10) {
			this.time.set(Duration.ofSeconds(second).toNanos());
			String message = "job " + second;
			listeners.tell((listener) -> listener.hear(message));
		}
		assertThat(output).contains("about job 0", "about job 60", "about job 120").doesNotContain("about job 10");
		assertThat(output.getOut().split("IllegalArgumentException: no")).hasSize(1 + 3);
	}

	@Test
	void listenersThatCannotBeFoundDoNotDisturbWhoTells(CapturedOutput output) {
		Listeners<Listener> listeners = new Listeners<>(() -> {
			throw new IllegalStateException("they are being destroyed");
		}, this.time::get);
		assertThatNoException().isThrownBy(() -> listeners.tell((listener) -> listener.hear("this")));
		assertThat(output).contains("Not all listeners could be told", "they are being destroyed");
	}

	private Listeners<Listener> listeners(Listener... listeners) {
		return new Listeners<>(List.of(listeners), this.time::get);
	}

	private interface Listener {

		void hear(String message);

	}

	private record Broken(Throwable failure) implements Listener {

		@Override
		public void hear(String message) {
			if (this.failure instanceof Error error) {
				throw error;
			}
			throw (RuntimeException) this.failure;
		}

	}

	private static final class Unprintable extends RuntimeException {

		private static final long serialVersionUID = 1L;

		@Override
		public String getMessage() {
			throw new IllegalStateException("broken");
		}

	}

}
