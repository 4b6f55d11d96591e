package io.rq.autoconfigure;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.function.SingletonSupplier;

import io.rq.cron.CronJob;
import io.rq.cron.CronJobs;
import io.rq.cron.CronOperations;
import io.rq.cron.CronTemplate;
import io.rq.scheduler.SchedulerContainer;
import io.rq.template.JobPreparation;

/**
 * Configuration of cron jobs.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnFlag(value = "rq.cron.enabled", matchIfMissing = true)
class RqCronConfiguration {

	@Bean
	CronJobs rqCronJobs(ObjectProvider<TemplateParts> parts, ObjectProvider<RqStores> stores) {
		SingletonSupplier<JobPreparation> preparation = SingletonSupplier
			.of(() -> parts.getObject().preparation(stores.getObject().clock()));
		return new CronJobs((request) -> preparation.obtain().prepare(request));
	}

	@Bean
	@ConditionalOnMissingBean(CronOperations.class)
	CronTemplate rqCronTemplate(CronJobs jobs, RqStores stores) {
		return new CronTemplate(jobs, stores.cron());
	}

	@Bean
	CronJobBeans rqCronJobBeans(ObjectProvider<CronJob> beans, CronJobs jobs) {
		return new CronJobBeans(beans, jobs);
	}

	@Bean
	CronCheck rqCronCheck(CronJobs jobs, ObjectProvider<SchedulerContainer> schedulers, RqOptions options) {
		return new CronCheck(jobs, schedulers, options);
	}

}
