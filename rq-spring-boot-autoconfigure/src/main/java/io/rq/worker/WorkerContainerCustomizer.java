package io.rq.worker;

/**
 * Changes the worker containers of an application before they start: that which an
 * application gets by itself and those it declares. Beans of this type are called in
 * their order.
 */
@FunctionalInterface
public interface WorkerContainerCustomizer {

	/**
	 * Changes a container.
	 * @param container the container, not running
	 */
	void customize(WorkerContainer container);

}
