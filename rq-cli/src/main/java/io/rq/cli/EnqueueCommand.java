package io.rq.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

import io.rq.job.JobRequest;
import io.rq.job.Retry;
import io.rq.operations.RqOperations;

/**
 * Enqueues a job.
 */
@Command(name = "enqueue", description = "Enqueues a job.",
		footer = { "", "An argument is a text, a :JSON value, name=text or name:=JSON.",
				"@file in place of a text or of JSON stands for what is in the file." })
final class EnqueueCommand extends AbstractCommand<Map<String, String>> {

	private static final Pattern TIME = Pattern.compile("(\\d{1,9})([smhd]?)");

	@Parameters(index = "0", paramLabel = "FUNCTION", description = "The function, such as tasks.add")
	private String function = "";

	@Parameters(index = "1..*", arity = "0..*", paramLabel = "ARGUMENT", description = "Its arguments")
	private List<String> arguments = new ArrayList<>();

	@Option(names = { "-q", "--queue" }, defaultValue = "default", description = "The queue (${DEFAULT-VALUE})")
	private String queue = "";

	@Option(names = "--job-id", description = "The id of the job")
	private @Nullable String id;

	@Option(names = "--at-front", description = "It is the next to run")
	private boolean atFront;

	@Option(names = "--timeout", paramLabel = "TIME", description = "How long a run may take, as 90, 10s, 5m, 1h, 2d")
	private @Nullable String timeout;

	@Option(names = "--ttl", paramLabel = "TIME", description = "How long it may wait")
	private @Nullable String ttl;

	@Option(names = "--result-ttl", paramLabel = "TIME", description = "How long it is kept after success")
	private @Nullable String resultTtl;

	@Option(names = "--failure-ttl", paramLabel = "TIME", description = "How long it is kept after failure")
	private @Nullable String failureTtl;

	@Option(names = "--description", description = "What lists show of it")
	private @Nullable String description;

	@Option(names = "--depends-on", paramLabel = "ID", description = "A job that has to end before")
	private List<String> dependsOn = new ArrayList<>();

	@Option(names = "--retry-max", paramLabel = "NUMBER", description = "How often it is tried again")
	private @Nullable Integer retries;

	@Option(names = "--retry-interval", paramLabel = "SECONDS", description = "How long to wait before")
	private List<Integer> intervals = new ArrayList<>();

	@Option(names = "--schedule-in", paramLabel = "TIME", description = "When, from now")
	private @Nullable String in;

	@Option(names = "--schedule-at", paramLabel = "INSTANT",
			description = "When, as 2026-01-31T12:00:00Z; without a zone in that of this machine")
	private @Nullable String at;

	@Override
	Map<String, String> carryOut(RqOperations operations) {
		return Map.of("id", operations.enqueue(request()));
	}

	private JobRequest request() {
		require(this.in == null || this.at == null, "'--schedule-in' and '--schedule-at' exclude each other");
		require(this.intervals.isEmpty() || this.retries != null, "'--retry-interval' needs '--retry-max'");
		List<@Nullable Object> positional = new ArrayList<>();
		Map<String, @Nullable Object> named = new LinkedHashMap<>();
		for (String text : this.arguments) {
			Argument argument = Argument.of(text);
			if (argument.name() != null) {
				require(!named.containsKey(argument.name()), "'" + argument.name() + "=' is given twice");
				named.put(argument.name(), argument.value());
			}
			else {
				positional.add(argument.value());
			}
		}
		JobRequest request = JobRequest.of(this.function, positional.toArray()).kwargs(named).queue(this.queue);
		request = (this.id != null) ? request.id(this.id) : request;
		request = this.atFront ? request.atFront() : request;
		request = (this.timeout != null) ? request.timeout(time(this.timeout)) : request;
		request = (this.ttl != null) ? request.ttl(time(this.ttl)) : request;
		request = (this.resultTtl != null) ? request.resultTtl(time(this.resultTtl)) : request;
		request = (this.failureTtl != null) ? request.failureTtl(time(this.failureTtl)) : request;
		request = (this.description != null) ? request.description(this.description) : request;
		request = this.dependsOn.isEmpty() ? request : request.dependsOn(this.dependsOn.toArray(String[]::new));
		request = (this.in != null) ? request.in(time(this.in)) : request;
		request = (this.at != null) ? request.at(instant(this.at)) : request;
		return (this.retries != null) ? request.retry(retry(this.retries)) : request;
	}

	private Retry retry(int max) {
		Retry retry = Retry.max(max);
		return this.intervals.isEmpty() ? retry
				: retry.intervals(this.intervals.stream().mapToInt(Integer::intValue).toArray());
	}

	private void require(boolean right, String otherwise) {
		if (!right) {
			throw new ParameterException(spec().commandLine(), otherwise);
		}
	}

	private static Duration time(String text) {
		Matcher time = TIME.matcher(text);
		if (text.equals("-1")) {
			return Duration.ofSeconds(-1);
		}
		if (!time.matches()) {
			throw new IllegalArgumentException("'" + text + "' is no time as 90, 10s, 5m, 1h or 2d");
		}
		long number = Long.parseLong(time.group(1));
		return switch (time.group(2)) {
			case "m" -> Duration.ofMinutes(number);
			case "h" -> Duration.ofHours(number);
			case "d" -> Duration.ofDays(number);
			default -> Duration.ofSeconds(number);
		};
	}

	/**
	 * RQ's own command line takes times without a zone, which are those of its machine.
	 */
	private static Instant instant(String text) {
		try {
			return ZonedDateTime.parse(text, DateTimeFormatter.ISO_DATE_TIME.withZone(ZoneId.systemDefault()))
				.toInstant();
		}
		catch (DateTimeParseException ex) {
			throw new IllegalArgumentException("'" + text + "' is no time as 2026-01-31T12:00:00Z", ex);
		}
	}

	@Override
	void print(Map<String, String> answer, PrintWriter out) {
		out.println(answer.get("id"));
	}

}
