package io.rq.autoconfigure;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.rq.annotation.ChildContextWarning;
import io.rq.annotation.RqJobAnnotationBeanPostProcessor;
import io.rq.annotation.RqJobDefinitions;
import io.rq.cron.CronJobs;
import io.rq.handler.JobHandlerRegistry;

/**
 * Configuration of {@code @RqJob} methods and handlers. It stands before all that looks
 * at the jobs when all singletons have been created: that happens in the order of the
 * beans.
 */
@Configuration(proxyBeanMethods = false)
class RqJobConfiguration {

	@Bean
	@ConditionalOnMissingBean
	RqJobDefinitions rqJobDefinitions() {
		return new RqJobDefinitions();
	}

	@Bean
	@ConditionalOnMissingBean
	static RqJobAnnotationBeanPostProcessor rqJobAnnotationBeanPostProcessor(
			ObjectProvider<RqJobDefinitions> definitions, ObjectProvider<JobHandlerRegistry> handlers,
			ObjectProvider<CronJobs> cronJobs) {
		return new RqJobAnnotationBeanPostProcessor(definitions, handlers, cronJobs);
	}

	@Bean
	static ChildContextWarning rqChildContextWarning() {
		return new ChildContextWarning();
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnMissingBean(JobHandlerRegistry.class)
	static class RegistryConfiguration {

		@Bean
		JobHandlerRegistry rqJobHandlerRegistry(RqOptions options) {
			return new JobHandlerRegistry(options.properties().defaultQueue());
		}

		@Bean
		HandlerBeans rqHandlerBeans(JobHandlerRegistry registry, ListableBeanFactory beanFactory) {
			return new HandlerBeans(registry, beanFactory);
		}

	}

}
