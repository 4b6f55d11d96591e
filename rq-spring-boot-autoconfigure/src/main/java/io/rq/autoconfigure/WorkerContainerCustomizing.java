package io.rq.autoconfigure;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;

import io.rq.worker.WorkerContainer;
import io.rq.worker.WorkerContainerCustomizer;

/**
 * Lets the customizers change each container of the application, whoever declares it.
 */
final class WorkerContainerCustomizing implements BeanPostProcessor {

	private final ObjectProvider<WorkerContainerCustomizer> customizers;

	WorkerContainerCustomizing(ObjectProvider<WorkerContainerCustomizer> customizers) {
		this.customizers = customizers;
	}

	@Override
	public Object postProcessBeforeInitialization(Object bean, String beanName) {
		if (bean instanceof WorkerContainer container) {
			this.customizers.orderedStream().forEach((customizer) -> customizer.customize(container));
		}
		return bean;
	}

}
