package io.rq.autoconfigure;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;

import io.rq.cron.CronJob;
import io.rq.cron.CronJobs;

/**
 * Registers the cron jobs that are beans, before anything with a life cycle starts.
 *
 * @param beans the beans
 * @param jobs where they are registered
 */
record CronJobBeans(ObjectProvider<CronJob> beans, CronJobs jobs) implements SmartInitializingSingleton {

	@Override
	public void afterSingletonsInstantiated() {
		this.beans.orderedStream().forEach(this.jobs::register);
	}

}
