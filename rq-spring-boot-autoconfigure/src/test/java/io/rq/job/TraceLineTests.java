package io.rq.job;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TraceLine}.
 */
class TraceLineTests {

	private static final String PYTHON = """
			Traceback (most recent call last):
			  File "worker.py", line 1, in perform
			    rv = self.func()
			         ^^^^^^^^^^^
			  File "jobs.py", line 2, in add
			    raise ValueError("no number")
			""";

	@Test
	void javaNamesTheExceptionFirst() {
		assertThat(TraceLine.of("\njava.lang.IllegalStateException: no\nnumber\n\tat a.B.c(B.java:1)\n"))
			.isEqualTo("java.lang.IllegalStateException: no");
	}

	@Test
	void pythonNamesItLast() {
		assertThat(TraceLine.of(PYTHON + "ValueError: no number\n")).isEqualTo("ValueError: no number");
	}

	@Test
	void theMessageBeginsWithItsFirstLine() {
		String trace = PYTHON + "ValueError: no number:\n  is 'x'\nand 'y'\n";
		assertThat(TraceLine.of(trace)).isEqualTo("ValueError: no number:");
		assertThat(new JobFailedException("a", JobResult.Type.FAILED, trace))
			.hasMessage("Job 'a' has failed: ValueError: no number:");
	}

	@Test
	void nothingNamesNone() {
		assertThat(TraceLine.of(null)).isNull();
		assertThat(TraceLine.of(" \n")).isNull();
		assertThat(new JobFailedException("a", JobResult.Type.FAILED, " ")).hasMessage("Job 'a' has failed");
	}

}
