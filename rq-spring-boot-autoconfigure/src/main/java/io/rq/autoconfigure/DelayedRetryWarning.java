package io.rq.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationContextAware;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextRefreshedEvent;

import io.rq.lifecycle.SafeLog;
import io.rq.monitor.DelayedRetryCheck;

/**
 * Warns at the start of jobs whose delayed retries nobody would run. Asks Redis aside, so
 * that it delays no start.
 */
final class DelayedRetryWarning implements ApplicationListener<ContextRefreshedEvent>, ApplicationContextAware {

	private static final SafeLog log = SafeLog.of(DelayedRetryWarning.class);

	private final DelayedRetryCheck check;

	private @Nullable ApplicationContext context;

	DelayedRetryWarning(DelayedRetryCheck check) {
		this.check = check;
	}

	@Override
	public void setApplicationContext(ApplicationContext context) {
		this.context = context;
	}

	@Override
	public void onApplicationEvent(ContextRefreshedEvent event) {
		if (event.getApplicationContext() == this.context) {
			Thread thread = new Thread(this::warn, "rq-start-check");
			thread.setDaemon(true);
			thread.start();
		}
	}

	private void warn() {
		try {
			this.check.warnings().forEach(log::warn);
		}
		catch (RuntimeException ex) {
			log.debug("Could not check whether a scheduler serves the jobs with delayed retries", ex);
		}
	}

}
