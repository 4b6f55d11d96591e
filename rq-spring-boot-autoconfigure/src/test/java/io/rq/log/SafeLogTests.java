package io.rq.log;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what {@link SafeLog} makes of foreign texts.
 */
@ExtendWith(OutputCaptureExtension.class)
class SafeLogTests {

	private final SafeLog log = SafeLog.of(getClass());

	@Test
	void foreignTextsCannotForgeLines(CapturedOutput output) {
		this.log.warn("Job {} is odd", "x\n2026 ERROR forged\u001b[31m");
		this.log.warn("Jobs {} are odd", List.of("a\nb", 1));
		assertThat(output).contains("Jobs [a\\nb, 1] are odd");
		assertThat(output).contains("Job x\\n2026 ERROR forged\\u001b[31m is odd");
	}

	@Test
	void objectsCannotForgeLinesByWhatTheyTell(CapturedOutput output) {
		this.log.warn("Entry {} is odd", new Told("x\n2026 ERROR forged"));
		this.log.warn("Map {} is odd", Map.of("a\nb", new Told("c\nd")));
		this.log.warn("Numbers {}, {} and {} are not", 1L, true, Thread.State.NEW);
		this.log.warn("Entry {} is long", new Told("y".repeat(1_000_000)));
		assertThat(output).contains("Entry Told[text=x\\n2026 ERROR forged] is odd")
			.contains("Map {a\\nb=Told[text=c\\nd]} is odd", "Numbers 1, true and NEW are not")
			.contains("yyy… is long")
			.doesNotContain("y".repeat(2_000));
	}

	@Test
	void objectThatCannotTellWhatItIsIsNamed(CapturedOutput output) {
		Object broken = new Object() {

			@Override
			public String toString() {
				throw new IllegalStateException("broken");
			}

		};
		this.log.warn("Entry {} is odd", broken);
		assertThat(output).contains("Entry " + broken.getClass().getName() + " is odd");
	}

	@Test
	void longTextsAreCut(CapturedOutput output) {
		this.log.warn("Job {} is long", "y".repeat(2_000_000));
		assertThat(output).contains("y".repeat(200) + "… is long").doesNotContain("y".repeat(201));
	}

	@Test
	void messagesOfExceptionsAndTheirCausesAreCutAndEscaped(CapturedOutput output) {
		Exception cause = new IllegalArgumentException("z".repeat(2_000_000));
		this.log.warn("It failed", new IllegalStateException("a\nforged", cause));
		assertThat(output).contains("java.lang.IllegalStateException: a\\nforged")
			.contains("java.lang.IllegalArgumentException: " + "z".repeat(200) + "…")
			.contains("messagesOfExceptionsAndTheirCausesAreCutAndEscaped")
			.doesNotContain("z".repeat(201));
	}

	@Test
	void messagesOfSuppressedExceptionsAreEscaped(CapturedOutput output) {
		Exception failure = new IllegalStateException("whole");
		failure.addSuppressed(new IllegalArgumentException("a\nforged"));
		this.log.warn("It failed", failure);
		assertThat(output).contains("Suppressed: ", "java.lang.IllegalArgumentException: a\\nforged");
	}

	@Test
	void exceptionsThatReferToEachOtherAreLoggedOnce(CapturedOutput output) {
		Exception first = new IllegalStateException("a\nforged");
		Exception second = new IllegalArgumentException("second");
		first.initCause(second);
		first.addSuppressed(second);
		second.addSuppressed(first);
		second.initCause(first);
		this.log.warn("It failed", first);
		assertThat(output).contains("It failed")
			.containsOnlyOnce("java.lang.IllegalStateException: a\\nforged" + System.lineSeparator() + "\tat ")
			.contains("java.lang.IllegalArgumentException: second");
	}

	@Test
	void ofExceptionsThatLeadToVeryManyOthersSomeAreLogged(CapturedOutput output) {
		Exception failure = new IllegalStateException("a\nforged");
		for (int i = 0; i < 20_000; i++) {
			failure = new IllegalStateException("level " + i + ";", failure);
		}
		Exception wide = new IllegalStateException("wide");
		for (int i = 0; i < 5_000; i++) {
			wide.addSuppressed(new IllegalStateException("branch"));
		}
		this.log.warn("It failed", failure);
		this.log.warn("It failed again", wide);
		assertThat(output).contains("It failed", "level 19999;", "It failed again", "branch")
			.doesNotContain("level 19000;");
		assertThat(output.getOut().split("branch")).hasSizeLessThan(102);
	}

	@Test
	void whatIsLoggedIsLoggedThoughItsExceptionTellsNothing(CapturedOutput output) {
		this.log.warn("It failed", new IllegalStateException("a\nforged") {

			@Override
			public synchronized Throwable getCause() {
				throw new OutOfMemoryError("no cause");
			}

		});
		assertThat(output).contains("It failed", SafeLogTests.class.getName() + "$");
	}

	@Test
	void ordinaryExceptionsStayWhatTheyAre(CapturedOutput output) {
		this.log.warn("It failed", new IllegalStateException("as it is"));
		assertThat(output).contains("java.lang.IllegalStateException: as it is").doesNotContain("LoggedFailure");
	}

	private record Told(String text) {

	}

}
