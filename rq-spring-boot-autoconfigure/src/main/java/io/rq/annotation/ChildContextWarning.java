package io.rq.annotation;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationContextAware;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.util.ClassUtils;

import io.rq.cron.CronJob;
import io.rq.handler.JobHandler;
import io.rq.log.SafeLog;

/**
 * Warns of {@link RqJob @RqJob} and {@link RqCallback @RqCallback} methods of beans, and
 * of {@link JobHandler} and {@link CronJob} beans, in a child of the context that RQ is
 * configured in: a context knows nothing of the beans of its children, so no worker can
 * run them and no scheduler fires them.
 */
public final class ChildContextWarning implements ApplicationListener<ContextRefreshedEvent>, ApplicationContextAware {

	private static final SafeLog log = SafeLog.of(ChildContextWarning.class);

	private @Nullable ApplicationContext own;

	@Override
	public void setApplicationContext(ApplicationContext applicationContext) {
		this.own = applicationContext;
	}

	/** Contexts tell their parents too that they have been refreshed. */
	@Override
	public void onApplicationEvent(ContextRefreshedEvent event) {
		ApplicationContext child = event.getApplicationContext();
		for (ApplicationContext context = child; context != this.own; context = context.getParent()) {
			if (context == null
					|| context.getBeanNamesForType(RqJobAnnotationBeanPostProcessor.class, true, false).length > 0) {
				return;
			}
		}
		if (child != this.own
				&& child.getAutowireCapableBeanFactory() instanceof ConfigurableListableBeanFactory beans) {
			for (String name : beans.getBeanDefinitionNames()) {
				warn(child, name, RqJobAnnotationBeanPostProcessor.targetClass(beans, name));
			}
		}
	}

	private void warn(ApplicationContext child, String name, @Nullable Class<?> type) {
		if (type == null) {
			return;
		}
		String bean = "bean '" + name + "' (" + type.getName() + ")";
		Class<?> user = ClassUtils.getUserClass(type);
		if (!RqJobAnnotationBeanPostProcessor.annotatedMethods(user).isEmpty()) {
			warn(child, "The @RqJob methods of " + bean + " are no jobs");
		}
		else if (!RqJobAnnotationBeanPostProcessor.callbackMethods(user).isEmpty()) {
			warn(child, "The @RqCallback methods of " + bean + " are not called");
		}
		else if (CronJob.class.isAssignableFrom(type)) {
			warn(child, "The cron job that is " + bean + " does not fire");
		}
		else if (JobHandler.class.isAssignableFrom(type)) {
			warn(child, "The JobHandler that is " + bean + " gets no jobs");
		}
	}

	private static void warn(ApplicationContext child, String problem) {
		log.warn(
				"{}: it belongs to context '{}', and RQ is configured in a parent of that. Declare the bean in the "
						+ "parent, or let RQ's auto-configuration apply to the child only",
				problem, child.getDisplayName());
	}

}
