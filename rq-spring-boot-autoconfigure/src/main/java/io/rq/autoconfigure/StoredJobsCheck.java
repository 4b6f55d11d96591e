package io.rq.autoconfigure;

import org.springframework.context.SmartLifecycle;

import io.rq.autoconfigure.RqProperties.StoredJobsMode;
import io.rq.log.SafeLog;
import io.rq.template.StoredJobs;
import io.rq.worker.WorkerContainer;

/**
 * Looks before the workers start whether they could run the jobs that are there.
 */
final class StoredJobsCheck implements SmartLifecycle {

	private static final SafeLog log = SafeLog.of(StoredJobsCheck.class);

	private static final int MOST_NAMED = 20;

	private final StoredJobs jobs;

	private final StoredJobsMode mode;

	private volatile boolean running;

	StoredJobsCheck(StoredJobs jobs, StoredJobsMode mode) {
		this.jobs = jobs;
		this.mode = mode;
	}

	@Override
	public void start() {
		StoredJobs.Report report = this.jobs.check();
		if (report.misfits().isEmpty()) {
			log.info("All {} stored jobs that were looked at{} fit the handlers of this application", report.looked(),
					report.complete() ? "" : " (there are more)");
		}
		else if (this.mode == StoredJobsMode.FAIL) {
			throw new InvalidRqConfigurationException(report.toString(),
					"Mend the handlers, or delete these jobs. With 'rq.doctor.stored-jobs=warn' the application starts"
							+ " all the same, and they fail.");
		}
		else {
			log.warn("{} of {} stored jobs would fail with the handlers of this application{}", report.misfits().size(),
					report.looked(), (report.misfits().size() > MOST_NAMED) ? "; some of them:" : ":");
			report.misfits()
				.stream()
				.limit(MOST_NAMED)
				.forEach((misfit) -> log.warn("Job {} on queue {}: {}", misfit.jobId(), misfit.queue(),
						misfit.problem()));
		}
		this.running = true;
	}

	@Override
	public void stop() {
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public boolean isAutoStartup() {
		return this.mode != StoredJobsMode.OFF;
	}

	@Override
	public int getPhase() {
		return WorkerContainer.PHASE - 1;
	}

}
