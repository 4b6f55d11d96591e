package io.rq.docs;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Does what the quick start says, with its files as they stand there.
 */
@ExtendWith(OutputCaptureExtension.class)
class QuickStartTests {

	private static final Map<String, String> FILES = CodeBlock.in("xml", "kotlin", "yaml", "java")
		.stream()
		.filter((block) -> block.page().equals("docs/quick-start.md") && !block.file().isEmpty())
		.collect(Collectors.toMap(CodeBlock::file, CodeBlock::code));

	@TempDir
	static Path application;

	@BeforeAll
	static void compile() throws IOException {
		List<String> sources = FILES.entrySet()
			.stream()
			.filter((file) -> file.getKey().endsWith(".java"))
			.map(Map.Entry::getValue)
			.toList();
		assertThat(sources).hasSize(4);
		assertThat(SourceCompiler.compile(sources, application)).isEmpty();
		Files.writeString(application.resolve("application.yml"), FILES.get("src/main/resources/application.yml"));
	}

	@Test
	void theApplicationRunsItsJobs() throws Exception {
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-XX:TieredStopAtLevel=1", "-cp", application + File.pathSeparator + SourceCompiler.CLASS_PATH,
				"com.example.mail.MailApplication", "--spring.main.web-application-type=none")
			.redirectErrorStream(true)
			.start();
		CompletableFuture.delayedExecutor(90, TimeUnit.SECONDS).execute(process::destroyForcibly);
		try (BufferedReader output = process.inputReader()) {
			StringBuilder log = new StringBuilder();
			String line = "";
			while (line != null && !line.endsWith("Welcome bob@example.org, number 43")) {
				log.append(line).append('\n');
				line = output.readLine();
			}
			assertThat(line).as(log.toString()).isNotNull();
			assertThat(log).contains("Welcome ada@example.org, number 42",
					"The job has ended: sent to ada@example.org");
		}
		finally {
			process.destroy();
			process.waitFor();
		}
	}

	@Test
	void theTestPassesWithoutRedis(CapturedOutput output) throws Exception {
		ClassLoader before = Thread.currentThread().getContextClassLoader();
		try (URLClassLoader loader = new URLClassLoader(new URL[] { application.toUri().toURL() }, before)) {
			Thread.currentThread().setContextClassLoader(loader);
			SummaryGeneratingListener listener = new SummaryGeneratingListener();
			LauncherFactory.create()
				.execute(LauncherDiscoveryRequestBuilder.request()
					.selectors(DiscoverySelectors.selectClass(loader, "com.example.mail.SignUpTests"))
					.build(), listener);
			assertThat(listener.getSummary().getFailures()).extracting(TestExecutionSummary.Failure::getException)
				.isEmpty();
			assertThat(listener.getSummary().getTestsSucceededCount()).isEqualTo(1);
			assertThat(output).contains("Welcome ada@example.org").doesNotContain("Embedded Redis");
		}
		finally {
			Thread.currentThread().setContextClassLoader(before);
		}
	}

	@Test
	void buildFilesNameThePresentVersions() throws IOException {
		String boot = Objects.requireNonNull(SpringBootVersion.getVersion());
		Matcher version = Pattern.compile("<artifactId>rq-spring-boot</artifactId>\\s*<version>([^<]+)<")
			.matcher(Files.readString(Path.of("pom.xml")));
		assertThat(version.find()).isTrue();
		assertThat(FILES.get("pom.xml")).containsPattern(
				"<artifactId>spring-boot-starter-parent</artifactId>\\s*<version>" + Pattern.quote(boot) + "<");
		assertThat(FILES.get("build.gradle.kts")).contains("id(\"org.springframework.boot\") version \"" + boot + "\"",
				"\"io.rq:rq-spring-boot-bom:" + version.group(1) + "\"");
	}

}
