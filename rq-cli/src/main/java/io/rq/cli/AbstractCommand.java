package io.rq.cli;

import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;

import io.rq.operations.RqOperations;

/**
 * A command. What it answers is printed as text or as JSON.
 *
 * @param <T> the type of the answer
 */
@Command(mixinStandardHelpOptions = true)
abstract class AbstractCommand<T> implements Callable<Integer> {

	@ParentCommand
	private @Nullable RqCli cli;

	@Spec
	private @Nullable CommandSpec spec;

	/** Does what is asked for. */
	abstract T carryOut(RqOperations operations);

	/** Prints the answer as text. */
	abstract void print(T answer, PrintWriter out);

	/** Returns the exit code for the answer. */
	int exitCode(T answer) {
		return RqCli.OK;
	}

	@Override
	public Integer call() throws InterruptedException {
		try (Session session = cli().open()) {
			return run(session.operations());
		}
	}

	int run(RqOperations operations) throws InterruptedException {
		T answer = carryOut(operations);
		if (cli().isJson()) {
			out().println(Json.text(answer));
		}
		else {
			print(answer, out());
		}
		out().flush();
		return exitCode(answer);
	}

	PrintWriter out() {
		return spec().commandLine().getOut();
	}

	CommandSpec spec() {
		return Objects.requireNonNull(this.spec);
	}

	RqCli cli() {
		return Objects.requireNonNull(this.cli);
	}

	/** What comes from Redis can move nothing on a terminal, nor turn a line around. */
	private static final class Json {

		private static final JsonMapper MAPPER = JsonMapper.builder()
			.disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
			.disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS, DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
			.disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
			.enable(JsonWriteFeature.ESCAPE_NON_ASCII)
			.build();

		static String text(@Nullable Object value) {
			return MAPPER.writeValueAsString(value);
		}

	}

}
