package io.rq.worker;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;

import io.rq.lifecycle.Round;
import io.rq.lifecycle.TimeSource;
import io.rq.log.SafeLog;
import io.rq.redis.ChannelForbiddenException;
import io.rq.redis.SubscriptionRound;
import io.rq.redis.WorkerCommands;
import io.rq.serializer.JsonTexts;

/**
 * Hears the commands of RQ's tools and carries them out (protocol §12.4). Needed by
 * nothing else: a worker that may not or cannot listen goes on.
 */
final class Commands implements Round, WorkerCommands.Listener {

	private static final SafeLog log = SafeLog.of(Commands.class);

	private static final Duration FORBIDDEN_PAUSE = Duration.ofMinutes(1);

	private final WorkerCommands commands;

	private final ActiveRuns runs;

	private final Runnable shutdown;

	private final TimeSource time;

	private final SubscriptionRound subscription;

	private final AtomicBoolean malformedTold = new AtomicBoolean();

	private boolean forbiddenTold;

	/** A subscription is sent a sign every other round. */
	private boolean turn;

	/**
	 * Creates the round.
	 * @param commands the commands to the worker
	 * @param runs what it runs
	 * @param shutdown asks it to stop; must not block
	 * @param time the time
	 */
	Commands(WorkerCommands commands, ActiveRuns runs, Runnable shutdown, TimeSource time) {
		this.commands = commands;
		this.runs = runs;
		this.shutdown = shutdown;
		this.time = time;
		this.subscription = new SubscriptionRound(() -> commands.subscribe(this), () -> {
		});
	}

	@Override
	public Duration run() {
		try {
			Duration pause = this.subscription.run();
			this.turn = !this.turn;
			String probe = this.turn ? this.subscription.probe() : null;
			if (probe != null) {
				this.commands.probe(probe);
			}
			return pause;
		}
		catch (ChannelForbiddenException ex) {
			this.subscription.end();
			if (!this.forbiddenTold) {
				this.forbiddenTold = true;
				log.warn("This worker hears no commands, all else works: {}", ex.getMessage());
			}
			return FORBIDDEN_PAUSE;
		}
	}

	@Override
	public void end() {
		this.subscription.end();
	}

	@Override
	public void subscriptionLost() {
		this.subscription.lost();
	}

	@Override
	public void commanded(String message) {
		try {
			Map<String, String> command = JsonTexts.read(message);
			String job = command.get("job_id");
			switch (command.getOrDefault("command", "")) {
				case "shutdown" -> shutDown();
				case "kill-horse" -> kill();
				case "stop-job" -> stop(required(job, "job_id"), null);
				case "stop-execution" ->
					stop(required(job, "job_id"), required(command.get("execution_id"), "execution_id"));
				default -> throw new IllegalArgumentException(
						"it is none of shutdown, kill-horse, stop-job and stop-execution");
			}
		}
		catch (IllegalArgumentException ex) {
			if (this.malformedTold.compareAndSet(false, true)) {
				log.warn("A message on {} is no command and is ignored, as further ones will be without a word: {}",
						this.commands.channel(), ex.getMessage());
			}
		}
	}

	private static String required(@Nullable String value, String name) {
		if (value == null) {
			throw new IllegalArgumentException("it has no '" + name + "'");
		}
		return value;
	}

	private void shutDown() {
		log.info("A command on {} asks the worker to stop", this.commands.channel());
		this.shutdown.run();
	}

	private void kill() {
		long now = this.time.nanoTime();
		long killed = this.runs.all().stream().filter((run) -> run.kill(now)).count();
		log.info("A command on {} has interrupted {} running jobs", this.commands.channel(), killed);
	}

	private void stop(String job, @Nullable String execution) {
		long now = this.time.nanoTime();
		for (ActiveRun run : this.runs.all()) {
			if (run.execution().jobId().equals(job) && (execution == null || run.execution().id().equals(execution))
					&& run.stopJob(now)) {
				log.info("A command on {} stops job {}", this.commands.channel(), job);
				return;
			}
		}
		log.info("A command on {} is to stop job {}, which does not run here", this.commands.channel(), job);
	}

}
