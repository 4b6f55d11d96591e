package io.rq.annotation;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedObject;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.stereotype.Component;
import org.springframework.util.Assert;
import org.springframework.util.ClassUtils;

import io.rq.cron.CronJob;
import io.rq.cron.CronJobs;
import io.rq.handler.JobHandlerRegistry;
import io.rq.job.JobDefinition;
import io.rq.job.Retry;
import io.rq.log.SafeLog;

/**
 * Finds {@link RqJob @RqJob} and {@link RqCallback @RqCallback} methods and registers
 * each as a definition for producers and a handler for workers.
 *
 * <p>
 * Beans are looked at when they are created, and those that have not been by the end of
 * the context's start (lazy beans, prototypes, other scopes) by their declared type: a
 * job may be what creates them. A lazy bean is created then if its declared type has such
 * methods and is an interface or abstract. Of a proxy without a target and of a lambda
 * expression the interfaces are looked at. Registration is complete before anything with
 * a life cycle starts.
 */
public class RqJobAnnotationBeanPostProcessor
		implements BeanPostProcessor, BeanFactoryAware, SmartInitializingSingleton, Ordered {

	private static final SafeLog log = SafeLog.of(RqJobAnnotationBeanPostProcessor.class);

	private final ObjectProvider<RqJobDefinitions> definitions;

	private final ObjectProvider<JobHandlerRegistry> handlers;

	private final ObjectProvider<CronJobs> cronJobs;

	private final Set<Class<?>> nonAnnotatedClasses = ConcurrentHashMap.newKeySet();

	private final Map<String, List<Class<?>>> annotatedBeans = new LinkedHashMap<>();

	private @Nullable ConfigurableListableBeanFactory beanFactory;

	private boolean singletonsInstantiated;

	/**
	 * Creates the post-processor. The providers are asked only after the singletons have
	 * been created.
	 * @param definitions gets the definitions
	 * @param handlers gets the handlers; an application that only enqueues needs none
	 * @param cronJobs gets the cron jobs; without them {@link RqCron @RqCron} has no
	 * effect
	 */
	public RqJobAnnotationBeanPostProcessor(ObjectProvider<RqJobDefinitions> definitions,
			ObjectProvider<JobHandlerRegistry> handlers, ObjectProvider<CronJobs> cronJobs) {
		this.definitions = definitions;
		this.handlers = handlers;
		this.cronJobs = cronJobs;
	}

	@Override
	public int getOrder() {
		return LOWEST_PRECEDENCE;
	}

	@Override
	public void setBeanFactory(BeanFactory beanFactory) {
		Assert.isInstanceOf(ConfigurableListableBeanFactory.class, beanFactory);
		this.beanFactory = (ConfigurableListableBeanFactory) beanFactory;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (!(bean instanceof AopInfrastructureBean || bean instanceof FactoryBean<?>)) {
			discover(beanName, AopProxyUtils.ultimateTargetClass(bean));
		}
		return bean;
	}

	@Override
	public void afterSingletonsInstantiated() {
		for (Iterator<String> names = beanFactory().getBeanNamesIterator(); names.hasNext();) {
			discover(beanFactory(), names.next());
		}
		discoverInParents();
		Map<String, List<Class<?>>> found;
		synchronized (this.annotatedBeans) {
			this.singletonsInstantiated = true;
			found = new LinkedHashMap<>(this.annotatedBeans);
		}
		found.forEach(this::register);
		this.definitions.ifAvailable(RqJobDefinitions::complete);
	}

	/** Beans of parent contexts are created before this processor is there. */
	private void discoverInParents() {
		BeanFactory parent = beanFactory().getParentBeanFactory();
		while (parent instanceof ConfigurableListableBeanFactory factory
				&& factory.getBeanNamesForType(RqJobAnnotationBeanPostProcessor.class, true, false).length == 0) {
			for (Iterator<String> names = factory.getBeanNamesIterator(); names.hasNext();) {
				String name = names.next();
				if (!beanFactory().containsLocalBean(name)) {
					discover(factory, name);
				}
			}
			parent = factory.getParentBeanFactory();
		}
	}

	/** The class behind proxies, or {@code null} if it is not known. */
	static @Nullable Class<?> targetClass(ConfigurableListableBeanFactory beans, String beanName) {
		try {
			Class<?> type = AutoProxyUtils.determineTargetClass(beans, beanName);
			type = (type != null) ? type : beans.getType(beanName, false);
			return (type != null && ScopedObject.class.isAssignableFrom(type))
					? AutoProxyUtils.determineTargetClass(beans, ScopedProxyUtils.getTargetBeanName(beanName)) : type;
		}
		catch (RuntimeException | LinkageError ex) {
			log.debug("The class of bean '{}' is not known; its methods are not looked at", beanName, ex);
			return null;
		}
	}

	private void discover(ConfigurableListableBeanFactory beans, String beanName) {
		Class<?> type = targetClass(beans, beanName);
		if (type != null && isHiddenByItsType(beans, beanName, type)) {
			beans.getBean(beanName);
			type = targetClass(beans, beanName);
		}
		if (type != null) {
			discover(beanName, type);
		}
	}

	/** Of a lazy bean that is declared by an interface, only the bean has the class. */
	private boolean isHiddenByItsType(ConfigurableListableBeanFactory beans, String beanName, Class<?> type) {
		if (!Modifier.isAbstract(type.getModifiers()) || ScopedProxyUtils.isScopedTarget(beanName)
				|| beans.containsSingleton(beanName) || beans.isFactoryBean(beanName) || !hasAnnotatedMethods(type)) {
			return false;
		}
		BeanDefinition definition = beans.getMergedBeanDefinition(beanName);
		return definition.isSingleton() && !definition.isAbstract();
	}

	private void discover(String beanName, Class<?> beanClass) {
		List<Class<?>> types = declaring(ClassUtils.getUserClass(beanClass)).filter(this::hasAnnotatedMethods).toList();
		if (ScopedProxyUtils.isScopedTarget(beanName) || types.isEmpty()) {
			return;
		}
		if (!beanFactory().containsBean(beanName)) {
			log.debug("The @RqJob methods of {} are not registered: '{}' is no bean of the context", types, beanName);
		}
		else if (isLate(beanName, types)) {
			register(beanName, types);
		}
	}

	/**
	 * The class of a proxy without a target, or of a lambda, has another name each time.
	 */
	private static Stream<Class<?>> declaring(Class<?> type) {
		return (Proxy.isProxyClass(type) || type.isHidden()) ? Stream.of(ClassUtils.getAllInterfacesForClass(type))
				: Stream.of(type);
	}

	private boolean isLate(String beanName, List<Class<?>> types) {
		synchronized (this.annotatedBeans) {
			return this.annotatedBeans.putIfAbsent(beanName, types) == null && this.singletonsInstantiated;
		}
	}

	private boolean hasAnnotatedMethods(Class<?> type) {
		if (this.nonAnnotatedClasses.contains(type)) {
			return false;
		}
		boolean annotated = isCandidate(type) && !(annotatedMethods(type).isEmpty() && callbackMethods(type).isEmpty());
		if (!annotated) {
			this.nonAnnotatedClasses.add(type);
		}
		return annotated;
	}

	static boolean isCandidate(Class<?> type) {
		return !isOfSpring(type) && AnnotationUtils.isCandidateClass(type, List.of(RqJob.class, RqCallback.class));
	}

	/** As Spring tells its own classes, which have no listeners either, from others. */
	private static boolean isOfSpring(Class<?> type) {
		return type.getName().startsWith("org.springframework.")
				&& !AnnotatedElementUtils.isAnnotated(type, Component.class);
	}

	static Map<Method, RqJob> annotatedMethods(Class<?> type) {
		return MethodIntrospector.selectMethods(type,
				(MethodIntrospector.MetadataLookup<RqJob>) RqJobMethod::findAnnotation);
	}

	static Map<Method, RqCallback> callbackMethods(Class<?> type) {
		return MethodIntrospector.selectMethods(type,
				(MethodIntrospector.MetadataLookup<RqCallback>) CallbackMethod::findAnnotation);
	}

	private void register(String beanName, List<Class<?>> types) {
		types.forEach((type) -> register(beanName, type));
	}

	private void register(String beanName, Class<?> type) {
		List<RqJobMethod> methods = annotatedMethods(type).entrySet()
			.stream()
			.map((entry) -> new RqJobMethod(beanName, type, entry.getKey(), entry.getValue()))
			.sorted(Comparator.comparing(RqJobMethod::toString))
			.toList();
		methods.forEach(this::register);
		callbackMethods(type).entrySet()
			.stream()
			.sorted(Comparator.comparing((entry) -> entry.getKey().toString()))
			.forEach((entry) -> register(
					this.definitions.getObject().registerCallback(beanName, type, entry.getKey(), entry.getValue()),
					beanName));
	}

	private void register(CallbackMethod method, String beanName) {
		JobBean bean = new JobBean(beanFactory(), beanName);
		bean.check(method);
		this.handlers.ifAvailable((registry) -> {
			if (registry.findCallback(method.name()) != null) {
				throw method.failure("its name '" + method.name() + "' is that of a CallbackHandler bean",
						"Give one of them another name");
			}
			registry.register(new MethodCallbackHandler(method, bean));
		});
	}

	private void register(RqJobMethod method) {
		String beanName = method.beanName();
		Assert.state(beanName != null, "Only methods of beans are registered");
		JobDefinition definition = this.definitions.getObject().register(method);
		JobBean bean = new JobBean(beanFactory(), beanName);
		bean.check(method);
		this.handlers
			.ifAvailable((registry) -> register(registry, new MethodJobHandler(definition, method, bean), method));
		CronJob cronJob = this.definitions.getObject().cronJob(method, definition);
		if (cronJob != null) {
			this.cronJobs.ifAvailable((registry) -> registry.register(cronJob));
		}
		warnOfRepeatedIntervals(definition, method);
		log.debug("Job '{}' runs {}", definition.name(), method);
	}

	private static void register(JobHandlerRegistry registry, MethodJobHandler handler, RqJobMethod method) {
		Stream.concat(Stream.of(handler.name()), handler.aliases().stream()).forEach((name) -> {
			Object other = registry.find(name);
			if (other != null) {
				throw method.failure("its name '" + name + "' is that of the handler " + other,
						"Give one of them another name");
			}
		});
		registry.register(handler);
	}

	private static void warnOfRepeatedIntervals(JobDefinition definition, RqJobMethod method) {
		int intervals = method.annotation().intervals().length;
		Retry retry = definition.options().retry();
		if (retry != null && intervals > 1 && intervals != retry.retries()) {
			log.warn("Job '{}' has {} retries but {} intervals: it waits {} seconds. Give one interval or {}",
					definition.name(), retry.retries(), intervals, retry.describeWaits(), retry.retries());
		}
	}

	private ConfigurableListableBeanFactory beanFactory() {
		Assert.state(this.beanFactory != null, "'beanFactory' must be set");
		return this.beanFactory;
	}

}
