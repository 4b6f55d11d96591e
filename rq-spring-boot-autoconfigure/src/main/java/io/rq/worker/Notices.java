package io.rq.worker;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.rq.handler.RunInfo;
import io.rq.job.Job;
import io.rq.job.JobResult;
import io.rq.job.JobStatus;
import io.rq.log.SafeLog;
import io.rq.redis.Outcome;
import io.rq.webhook.WebhookJobs;
import io.rq.webhook.WebhookJobs.EndedJob;

/**
 * Adds to the end of a job the jobs that send its webhooks, so that both are recorded or
 * neither. Webhooks that cannot be read, or are not sent here, are told once per function
 * and keep no job from ending.
 */
final class Notices {

	private static final SafeLog log = SafeLog.of(Notices.class);

	private final @Nullable WebhookJobs webhooks;

	private final Callbacks callbacks;

	private final ToldFunctions told = new ToldFunctions();

	Notices(@Nullable WebhookJobs webhooks, Callbacks callbacks) {
		this.webhooks = webhooks;
		this.callbacks = callbacks;
	}

	/** Returns an outcome with what follows from it. */
	Outcome complete(ActiveRun run, Outcome outcome) {
		Job job = run.job();
		if (job.options().hooks().webhooks() == null || !(outcome instanceof Outcome.Finished end)
				|| end.type() == JobResult.Type.STOPPED) {
			return outcome;
		}
		RunInfo info = this.callbacks.info(run);
		if (this.webhooks == null) {
			tell(info, "no webhooks are sent here: set 'rq.webhooks.enabled' to true in all its workers", null);
			return outcome;
		}
		try {
			boolean success = end.type() == JobResult.Type.SUCCESSFUL;
			List<Job> following = this.webhooks
				.of(new EndedJob(job, info.function(), success ? JobStatus.FINISHED : JobStatus.FAILED,
						end.attempt().endedAt(), end.attempt().exception()));
			return following.isEmpty() ? outcome : end.withFollowing(following);
		}
		catch (Throwable ex) {
			tell(info, "they cannot be read: mend the process that wrote them", ex);
			return outcome;
		}
	}

	private void tell(RunInfo info, String problem, @Nullable Throwable failure) {
		if (this.told.isNews(info.function())) {
			log.warn("Jobs of '{}' ask for webhooks, but {}", info.function(), problem, failure);
		}
	}

	/** Returns the job that sees to the webhooks of one whose worker is gone. */
	@Nullable Job ofAbandoned() {
		return (this.webhooks != null) ? this.webhooks.lookingUp() : null;
	}

}
