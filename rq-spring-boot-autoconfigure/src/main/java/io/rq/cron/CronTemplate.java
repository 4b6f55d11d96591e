package io.rq.cron;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

import io.rq.job.Job;
import io.rq.job.NewJob;
import io.rq.redis.CronStore;
import io.rq.redis.QueueControl;
import io.rq.template.QueueOperations;

/**
 * Looks at the cron jobs of this application and changes what they do. Safe for use by
 * many threads.
 */
public class CronTemplate implements CronOperations {

	private final CronJobs jobs;

	private final CronStore store;

	/**
	 * Creates the template.
	 * @param jobs the cron jobs
	 * @param store their state
	 */
	public CronTemplate(CronJobs jobs, CronStore store) {
		this.jobs = jobs;
		this.store = store;
	}

	@Override
	public List<CronJobInfo> list() {
		return this.jobs.all().stream().map(this::look).toList();
	}

	private CronJobInfo look(CronJobs.Prepared prepared) {
		CronJob job = prepared.job();
		CronStore.Known known = this.store.find(prepared.queue(), job.name());
		Instant pausedAt = known.pausedAt();
		CronJobInfo.Pause pause = (pausedAt != null) ? new CronJobInfo.Pause(pausedAt, known.reason()) : null;
		String schedule = job.schedule().toString();
		boolean planned = pause == null && schedule.equals(known.schedule());
		return new CronJobInfo(job.name(), prepared.queue(), schedule, known.firedAt(), known.job(),
				planned ? next(job, known.last()) : null, pause);
	}

	private static @Nullable Instant next(CronJob job, Instant last) {
		Instant next = job.next(last);
		return (next != null) ? job.due(next) : null;
	}

	@Override
	public List<String> jobIds(String name) {
		return this.store.jobIds(require(name).queue(), name);
	}

	@Override
	public String trigger(String name) {
		CronJobs.Prepared prepared = require(name);
		NewJob job = this.jobs.job(prepared.job(), Job.newId());
		this.store.trigger(name, job);
		return job.job().id();
	}

	@Override
	public void pause(String name, String reason) {
		CronJobs.Prepared prepared = require(name);
		QueueControl.requireReason(reason, QueueOperations.MAX_REASON);
		this.store.pause(prepared.queue(), name, reason);
	}

	@Override
	public boolean resume(String name) {
		return this.store.resume(require(name).queue(), name);
	}

	private CronJobs.Prepared require(String name) {
		CronJobs.Prepared prepared = this.jobs.find(name);
		Assert.isTrue(prepared != null, () -> "There is no cron job '" + name + "' here; there are "
				+ this.jobs.all().stream().map((known) -> known.job().name()).toList());
		return prepared;
	}

}
