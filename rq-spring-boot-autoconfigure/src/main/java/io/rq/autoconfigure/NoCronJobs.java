package io.rq.autoconfigure;

import java.util.List;

import io.rq.cron.CronJobInfo;
import io.rq.cron.CronOperations;

/**
 * The cron jobs of an application that has switched them off.
 */
enum NoCronJobs implements CronOperations {

	INSTANCE;

	@Override
	public List<CronJobInfo> list() {
		return List.of();
	}

	@Override
	public List<String> jobIds(String name) {
		throw none(name);
	}

	@Override
	public String trigger(String name) {
		throw none(name);
	}

	@Override
	public void pause(String name, String reason) {
		throw none(name);
	}

	@Override
	public boolean resume(String name) {
		throw none(name);
	}

	private static IllegalArgumentException none(String name) {
		return new IllegalArgumentException(
				"There is no cron job '" + name + "' here: 'rq.cron.enabled' is false in this application");
	}

}
