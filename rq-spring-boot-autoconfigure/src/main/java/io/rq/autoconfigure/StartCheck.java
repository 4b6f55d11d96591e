package io.rq.autoconfigure;

import java.util.List;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.rq.doctor.Doctor;
import io.rq.doctor.Finding;
import io.rq.doctor.Severity;
import io.rq.log.SafeLog;
import io.rq.monitor.DelayedRetryCheck;
import io.rq.monitor.LocalContainers;
import io.rq.redis.MemorySettings;

/**
 * Tells at the start what the doctor finds, or without one warns of jobs whose delayed
 * retries nobody would run; and tells, where there is a worker, what other settings of
 * Redis would give. Asks Redis aside, so that it delays no start.
 */
final class StartCheck extends OwnRefreshListener {

	private static final SafeLog log = SafeLog.of(StartCheck.class);

	private final @Nullable Doctor doctor;

	private final DelayedRetryCheck check;

	private final MemorySettings settings;

	private final LocalContainers local;

	StartCheck(@Nullable Doctor doctor, DelayedRetryCheck check, MemorySettings settings, LocalContainers local) {
		this.doctor = doctor;
		this.check = check;
		this.settings = settings;
		this.local = local;
	}

	@Override
	protected void refreshed() {
		Thread thread = new Thread(this::look, "rq-start-check");
		thread.setDaemon(true);
		thread.start();
	}

	/** The application may be closed meanwhile: then nobody misses the answers. */
	private void look() {
		if (this.doctor != null) {
			Doctor doctor = this.doctor;
			attempt("what is wrong with the set-up", () -> tell(doctor));
		}
		else {
			attempt("whether a scheduler serves the jobs with delayed retries", this::warn);
		}
		attempt("which settings Redis has", this::advise);
	}

	private static void attempt(String what, Runnable step) {
		try {
			step.run();
		}
		catch (RuntimeException ex) {
			log.debug("Could not find out {}", what, ex);
		}
	}

	private void tell(Doctor doctor) {
		List<Finding> findings = doctor.examine();
		if (!isClosed()) {
			tell(findings);
		}
	}

	private static void tell(List<Finding> findings) {
		for (Finding finding : findings) {
			if (finding.severity() == Severity.WARNING) {
				log.warn("{} {}", finding.text(), finding.remedy());
			}
			else if (finding.severity() == Severity.INFORMATION) {
				log.info("{} {}", finding.text(), finding.remedy());
			}
		}
		String unknown = findings.stream()
			.filter((finding) -> finding.severity() == Severity.UNKNOWN)
			.map(Finding::check)
			.collect(Collectors.joining(", "));
		if (!unknown.isEmpty()) {
			log.info("Could not be examined: {}. Let the Redis user call INFO and CONFIG GET, or see for yourself",
					unknown);
		}
	}

	private void warn() {
		this.check.warnings().forEach(log::warn);
	}

	/** A user who may not ask for settings is none to be told of them. */
	private void advise() {
		String advice = this.local.runningWorkers().findAny().isPresent() ? this.settings.advice() : null;
		if (advice != null) {
			log.info("Redis would need less memory for jobs, with {}", advice);
		}
	}

}
