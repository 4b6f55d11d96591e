package io.rq.autoconfigure;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;

import io.rq.handler.CallbackHandler;
import io.rq.handler.JobHandler;
import io.rq.handler.JobHandlerRegistry;

/**
 * Registers the handlers that are beans of this context or a parent, before anything with
 * a life cycle starts and after all singletons have been created: a handler may need what
 * needs the registry.
 *
 * @param registry where they are registered
 * @param beanFactory has the beans
 */
record HandlerBeans(JobHandlerRegistry registry,
		ListableBeanFactory beanFactory) implements SmartInitializingSingleton {

	@Override
	public void afterSingletonsInstantiated() {
		Map<String, JobHandler> handlers = beans(JobHandler.class);
		handlers.forEach((beanName, handler) -> {
			Stream.concat(Stream.of(handler.name()), handler.aliases().stream())
				.forEach(
						(name) -> requireFree("function '" + name + "'", this.registry.find(name), beanName, handlers));
			this.registry.register(handler);
		});
		Map<String, CallbackHandler> callbacks = beans(CallbackHandler.class);
		callbacks.forEach((beanName, callback) -> {
			requireFree("callback '" + callback.name() + "'", this.registry.findCallback(callback.name()), beanName,
					callbacks);
			this.registry.register(callback);
		});
	}

	/** One by one: a look-up of all leaves out, without a word, what is in creation. */
	private <T> Map<String, T> beans(Class<T> type) {
		Map<String, T> beans = new LinkedHashMap<>();
		for (String name : BeanFactoryUtils.beanNamesForTypeIncludingAncestors(this.beanFactory, type)) {
			if (!ScopedProxyUtils.isScopedTarget(name)) {
				// a factory method may have returned null
				Object bean = this.beanFactory.getBean(name);
				if (type.isInstance(bean)) {
					beans.put(name, type.cast(bean));
				}
			}
		}
		return beans;
	}

	private static void requireFree(String what, @Nullable Object other, String beanName, Map<String, ?> beans) {
		if (other != null) {
			String known = beans.entrySet()
				.stream()
				.filter((bean) -> bean.getValue() == other)
				.map((bean) -> "bean '" + bean.getKey() + "'")
				.findFirst()
				.orElseGet(other::toString);
			throw new InvalidRqConfigurationException(
					"Bean '" + beanName + "' is for the " + what + ", and so is " + known + ".",
					"Give each a name of its own, or remove all but one.");
		}
	}

}
