package io.rq.autoconfigure;

import java.util.List;

import org.springframework.beans.factory.ObjectProvider;

import io.rq.cron.CronJobs;
import io.rq.log.SafeLog;
import io.rq.scheduler.SchedulerContainer;

/**
 * Says at the start which cron jobs this application does not fire itself, and why. Fails
 * if one cannot be enqueued.
 */
final class CronCheck extends OwnRefreshListener {

	private static final SafeLog log = SafeLog.of(CronCheck.class);

	private final CronJobs jobs;

	private final ObjectProvider<SchedulerContainer> schedulers;

	private final RqOptions options;

	CronCheck(CronJobs jobs, ObjectProvider<SchedulerContainer> schedulers, RqOptions options) {
		this.jobs = jobs;
		this.schedulers = schedulers;
		this.options = options;
	}

	@Override
	protected void refreshed() {
		List<String> names = this.jobs.all().stream().map((prepared) -> prepared.job().name()).toList();
		if (names.isEmpty()) {
			return;
		}
		if (this.schedulers.stream().noneMatch(SchedulerContainer::isAutoStartup)) {
			log.info("Cron jobs {} are left to other processes: no scheduler is started here. "
					+ "Set 'rq.worker.with-scheduler' to true to start one", names);
			return;
		}
		List<String> scheduled = this.options.properties().scheduler().queues();
		List<String> others = this.jobs.queues().stream().filter((queue) -> !scheduled.contains(queue)).toList();
		if (!scheduled.isEmpty() && !others.isEmpty()) {
			log.warn("Cron jobs of queues {} are not fired here: add these queues to 'rq.scheduler.queues'", others);
		}
	}

}
