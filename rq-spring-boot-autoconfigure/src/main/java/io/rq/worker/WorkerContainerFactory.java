package io.rq.worker;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Creates worker containers that are configured like the one an application gets by
 * itself. An application that wants several declares each as a bean:
 *
 * <pre class="code">
 * &#064;Bean
 * WorkerContainer mailWorker(WorkerContainerFactory workers) {
 *     return workers.create("mail");
 * }
 *
 * &#064;Bean
 * WorkerContainer reportWorker(WorkerContainerFactory workers) {
 *     return workers.create((options) -&gt; options.withConcurrency(2), "reports");
 * }
 * </pre>
 */
public class WorkerContainerFactory {

	private final WorkerOptions options;

	private final Function<WorkerOptions, WorkerStores> stores;

	private final JobHandling handling;

	private final boolean virtualThreads;

	private final AtomicInteger created = new AtomicInteger();

	private volatile BooleanSupplier autoStartup = () -> true;

	/**
	 * Creates a factory.
	 * @param options what the containers have in common
	 * @param stores gets what a container needs of Redis
	 * @param handling what the application has for its jobs
	 * @param virtualThreads whether each job runs on a virtual thread
	 */
	public WorkerContainerFactory(WorkerOptions options, Function<WorkerOptions, WorkerStores> stores,
			JobHandling handling, boolean virtualThreads) {
		this.options = options;
		this.stores = stores;
		this.handling = handling;
		this.virtualThreads = virtualThreads;
	}

	/**
	 * Sets whether containers created from now on are started with the application
	 * context.
	 * @param autoStartup asked when the context starts
	 */
	public void setAutoStartup(BooleanSupplier autoStartup) {
		this.autoStartup = autoStartup;
	}

	/**
	 * Creates a container that is not running.
	 * @param queues the queues in the order of their priority; none for the configured
	 * ones
	 * @return the container
	 */
	public WorkerContainer create(String... queues) {
		return create(UnaryOperator.identity(), queues);
	}

	/**
	 * Creates a container that is not running, with some options of its own. Its name is
	 * the configured one, from the second container on with a number.
	 * @param change changes the configured options
	 * @param queues the queues in the order of their priority; none for the configured
	 * ones
	 * @return the container
	 */
	public WorkerContainer create(UnaryOperator<WorkerOptions> change, String... queues) {
		int number = this.created.incrementAndGet();
		WorkerOptions base = (number > 1) ? this.options.withName(this.options.name() + "-" + number) : this.options;
		base = (queues.length > 0) ? base.withQueues(List.of(queues)) : base;
		WorkerOptions chosen = change.apply(base);
		WorkerContainer container = new WorkerContainer(chosen, this.stores.apply(chosen), this.handling,
				this.virtualThreads);
		container.setAutoStartup(this.autoStartup);
		return container;
	}

}
