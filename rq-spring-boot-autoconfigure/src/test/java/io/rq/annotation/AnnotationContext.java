package io.rq.annotation;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;

import io.rq.cron.CronJobs;
import io.rq.handler.JobHandlerRegistry;

/**
 * A context with what turns annotated methods into handlers, not refreshed yet.
 */
final class AnnotationContext {

	private AnnotationContext() {
	}

	static AnnotationConfigApplicationContext create() {
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		context.registerBean(RqJobDefinitions.class);
		context.registerBean("handlers", JobHandlerRegistry.class, "default");
		context.registerBean(RqJobAnnotationBeanPostProcessor.class,
				() -> new RqJobAnnotationBeanPostProcessor(context.getBeanProvider(RqJobDefinitions.class),
						context.getBeanProvider(JobHandlerRegistry.class), context.getBeanProvider(CronJobs.class)));
		return context;
	}

}
