package io.rq.cli;

import java.io.PrintWriter;
import java.util.List;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

import io.rq.log.FailureText;
import io.rq.serializer.SerializerFormat;

/**
 * The command line. Ends with 0 if all went well, 1 if something was refused, not found
 * or wrong, 2 if the command is wrong, 3 if Redis is away.
 */
@Command(name = "rq", mixinStandardHelpOptions = true, version = "RQ for Spring Boot",
		description = "Looks at and looks after RQ's queues, jobs and workers of Java and Python.",
		subcommands = { InfoCommand.class, QueuesCommand.class, WorkersCommand.class, JobsCommand.class,
				JobCommand.class, ExplainCommand.class, DoctorCommand.class, RequeueCommand.class, EmptyCommand.class,
				SuspendCommand.class, ResumeCommand.class, EnqueueCommand.class },
		footer = { "", "Exit codes: 0 done, 1 refused, not found or wrong, 2 wrong command, 3 Redis is away." })
public final class RqCli implements Runnable {

	static final int OK = 0;

	static final int REFUSED = 1;

	static final int USAGE = 2;

	static final int AWAY = 3;

	@Option(names = { "-u", "--url" }, scope = ScopeType.INHERIT, paramLabel = "URL",
			defaultValue = "${env:RQ_REDIS_URL:-redis://localhost:6379}",
			description = "redis[s]://[user:password@]host[:port][/database or ?db=database]; RQ_REDIS_URL, else redis://localhost:6379")
	private String url = "";

	@Option(names = "--key-prefix", scope = ScopeType.INHERIT, paramLabel = "PREFIX",
			defaultValue = "${env:RQ_KEY_PREFIX:-rq}", description = "What all keys begin with; RQ_KEY_PREFIX, else rq")
	private String keyPrefix = "";

	@Option(names = { "-S", "--serializer" }, scope = ScopeType.INHERIT, defaultValue = "auto",
			description = "auto, json or pickle: how calls are written; auto reads both and writes JSON")
	private SerializerFormat serializer = SerializerFormat.AUTO;

	@Option(names = "--json", scope = ScopeType.INHERIT, description = "Print JSON")
	private boolean json;

	@Option(names = "--verbose", scope = ScopeType.INHERIT, description = "Print the log, and errors with their stack")
	private boolean verbose;

	@Spec
	private @Nullable CommandSpec spec;

	/**
	 * Runs a command and ends the process.
	 * @param arguments the command
	 */
	public static void main(String[] arguments) {
		if (List.of(arguments).contains("--verbose")) {
			System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
		}
		System.exit(commandLine().execute(arguments));
	}

	static CommandLine commandLine() {
		return new CommandLine(new RqCli()).setCaseInsensitiveEnumValuesAllowed(true)
			.setExpandAtFiles(false)
			.setExecutionExceptionHandler(new Failures());
	}

	@Override
	public void run() {
		if (this.spec != null) {
			throw new ParameterException(this.spec.commandLine(), "Which command?");
		}
	}

	Session open() {
		return Session.open(this.url, this.keyPrefix, this.serializer);
	}

	boolean isJson() {
		return this.json;
	}

	/** Tells of a failure in a line, and returns the exit code for it. */
	int tell(Exception ex, PrintWriter err) {
		Failure failure = Failure.of(ex);
		err.println("rq: " + Text.line(failure.text()));
		if (this.verbose) {
			Text.lines(FailureText.stackTrace(ex)).forEach(err::println);
		}
		err.flush();
		return failure.exitCode();
	}

	/**
	 * Ends a command that has failed.
	 */
	private static final class Failures implements IExecutionExceptionHandler {

		@Override
		public int handleExecutionException(Exception ex, CommandLine command, ParseResult parsed) {
			RqCli cli = (RqCli) command.getCommandSpec().root().userObject();
			return cli.tell(ex, command.getErr());
		}

	}

}
