package io.rq.operations;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FailureKind}.
 */
class FailureKindTests {

	@Test
	void javaTraceTellsItsClassAndTheFirstFrameOfTheApplication() {
		FailureKind kind = FailureKind.of("""
				com.example.mail.MailException: no route to 42
					at java.base/java.util.Objects.requireNonNull(Objects.java:233)
					at org.springframework.util.Assert.notNull(Assert.java:1)
					at app//com.example.mail.Smtp$Client.send(Smtp.java:17)
					at com.example.mail.MailJobs.welcome(MailJobs.java:42)
					at io.rq.annotation.MethodJobHandler.handle(MethodJobHandler.java:9)
				Caused by: java.net.ConnectException: refused
					at com.example.net.Other.connect(Other.java:1)
				""");
		assertThat(kind)
			.isEqualTo(new FailureKind("com.example.mail.MailException", "com.example.mail.Smtp$Client.send"));
		assertThat(kind.id()).matches("[0-9a-f]{8}");
	}

	@Test
	void linesAndMessagesMakeNoOtherKind() {
		FailureKind kind = FailureKind.of("a.B: x\n\tat a.C.d(C.java:1)\n");
		assertThat(FailureKind.of("a.B: another\n\tat a.C.d(C.java:2)\n").id()).isEqualTo(kind.id());
		assertThat(FailureKind.of("a.B\n\tat a.C.e(C.java:2)\n").id()).isNotEqualTo(kind.id());
		assertThat(FailureKind.of("a.X: x\n\tat a.C.d(C.java:1)\n").id()).isNotEqualTo(kind.id());
	}

	@Test
	void generatedFramesAreNobodysCode() {
		assertThat(FailureKind.of("""
				java.lang.IllegalStateException
					at com.example.Shop$$SpringCGLIB$$0.buy(<generated>)
					at jdk.proxy2/jdk.proxy2.$Proxy42.run(Unknown Source)
					at com.example.Shop.buy(Shop.java:3)
				""")).isEqualTo(new FailureKind("java.lang.IllegalStateException", "com.example.Shop.buy"));
	}

	@Test
	void pythonTraceTellsItsClassAndTheLastFrameOfTheApplication() {
		assertThat(FailureKind.of("""
				Traceback (most recent call last):
				  File "/srv/app/low.py", line 2, in low
				    raise KeyError(1)
				KeyError: 1

				During handling of the above exception, another exception occurred:

				Traceback (most recent call last):
				  File "/usr/lib/python3/dist-packages/rq/worker.py", line 1431, in perform_job
				    rv = job.perform()
				  File "/srv/app/tasks.py", line 7, in fail
				    raise app.errors.Broken('no: luck')
				  File "/srv/venv/site-packages/requests/api.py", line 73, in get
				    return request()
				app.errors.Broken: no: luck
				""")).isEqualTo(new FailureKind("app.errors.Broken", "tasks.py in fail"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "\n", "Job stopped by user, work-horse terminated.", "???",
			"Traceback (most recent call last):" })
	void otherTextsAreUnknown(String trace) {
		assertThat(FailureKind.of(trace)).isEqualTo(FailureKind.UNKNOWN);
	}

	@Test
	void hugeTextsAreReadInTime() {
		assertThat(FailureKind.of("a.B: " + "x".repeat(1_000_000)).exception()).isEqualTo("a.B");
		assertThat(FailureKind.of("a ".repeat(500_000))).isEqualTo(FailureKind.UNKNOWN);
		assertThat(FailureKind.of("a.".repeat(500_000) + "!")).isEqualTo(FailureKind.UNKNOWN);
		assertThat(FailureKind.of("Traceback \n" + "  File \"x\", line 1, in y\n".repeat(50_000) + "E: e").exception())
			.isEqualTo("E");
	}

}
