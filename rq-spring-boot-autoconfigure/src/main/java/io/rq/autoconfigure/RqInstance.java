package io.rq.autoconfigure;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.SmartLifecycle;
import org.springframework.util.Assert;

import io.rq.redis.AwaitedResults;
import io.rq.scheduler.SchedulerContainer;
import io.rq.scheduler.SchedulerListener;
import io.rq.scheduler.SchedulerOptions;
import io.rq.template.JobTemplate;
import io.rq.template.QueueTemplate;
import io.rq.template.SchedulingWatch;
import io.rq.worker.WorkerContainer;
import io.rq.worker.WorkerContainerFactory;
import io.rq.worker.WorkerOptions;

/**
 * Another Redis with jobs, or other keys on the same one, beside that which the
 * application has by itself. Made by {@link RqInstanceFactory} and declared as a bean, so
 * that its connections open and close with the application; what it makes are beans too,
 * no default candidates. Endpoint, dashboard, health, history, cron jobs, webhooks and
 * the outbox are of the application's own Redis only.
 */
public final class RqInstance implements SmartLifecycle, DisposableBean {

	private final RqStores stores;

	private final TemplateParts parts;

	private final WorkerContainerFactory workers;

	private final Supplier<List<SchedulerListener>> schedulerListeners;

	private final AwaitedResults results;

	private final SchedulingWatch watch;

	private final List<String> scheduled = new CopyOnWriteArrayList<>();

	private final List<WorkerContainer> workerContainers = new CopyOnWriteArrayList<>();

	private final List<SchedulerContainer> schedulerContainers = new CopyOnWriteArrayList<>();

	RqInstance(RqStores stores, TemplateParts parts, WorkerContainerFactory workers,
			Supplier<List<SchedulerListener>> schedulerListeners) {
		this.stores = stores;
		this.parts = parts;
		this.workers = workers;
		this.schedulerListeners = schedulerListeners;
		this.results = stores.results(parts.options().properties().worker().lease());
		this.watch = new SchedulingWatch(stores.schedulers(), this.scheduled::contains,
				stores.workers()::hasWorkersWithoutLimits);
	}

	/**
	 * Creates a template.
	 * @return a template with the interceptors and listeners of the application
	 */
	public JobTemplate jobTemplate() {
		JobTemplate jobs = this.parts.template(this.stores.jobs(), this.watch, this.stores.clock(), this.results, null);
		jobs.setListeners(this.parts.heardOnAnyRedis());
		return jobs;
	}

	/**
	 * Creates a template for queues.
	 * @return the template
	 */
	public QueueTemplate queueTemplate() {
		return this.stores.queueTemplate(this.parts.options());
	}

	/**
	 * Creates a worker that is not running, with all handlers of the application.
	 * @param queues its queues in the order of their priority, at least one
	 * @return the container
	 * @throws IllegalArgumentException if no queue is named
	 */
	public WorkerContainer workerContainer(String... queues) {
		return workerContainer(UnaryOperator.identity(), queues);
	}

	/**
	 * Creates a worker that is not running, with some options of its own.
	 * @param change changes the configured options
	 * @param queues its queues in the order of their priority, at least one
	 * @return the container
	 * @throws IllegalArgumentException if no queue is named
	 */
	public WorkerContainer workerContainer(UnaryOperator<WorkerOptions> change, String... queues) {
		requireQueues(queues);
		WorkerContainer container = this.workers.create(change, queues);
		container.addExhaustionCallback(this::exhausted);
		this.workerContainers.add(container);
		return container;
	}

	private void exhausted() {
		if (beside().haveEnded()) {
			this.schedulerContainers.forEach(SchedulerContainer::stopExhausted);
		}
	}

	private WorkersOfScheduler beside() {
		return new WorkersOfScheduler(this.workerContainers::stream);
	}

	/**
	 * Creates a scheduler that is not running. It starts with the application where the
	 * configured worker does; {@code rq.worker.with-scheduler} has the last word. It ends
	 * with the last of the workers of this instance that has done all it was to do.
	 * @param queues the queues whose scheduled jobs and delayed retries it moves, at
	 * least one
	 * @return the container
	 * @throws IllegalArgumentException if no queue is named
	 */
	public SchedulerContainer schedulerContainer(String... queues) {
		requireQueues(queues);
		SchedulerOptions options = this.parts.options().scheduler(List.of(queues));
		SchedulerContainer container = this.stores.schedulerContainer(() -> options, options.lockLease(),
				this.schedulerListeners.get());
		boolean starts = this.parts.options().startsOtherSchedulers();
		container.setAutoStartup(() -> starts);
		container.setOnePass(() -> beside().areBurst());
		this.schedulerContainers.add(container);
		if (starts) {
			this.scheduled.addAll(options.queues());
		}
		return container;
	}

	private static void requireQueues(String... queues) {
		Assert.isTrue(queues.length > 0,
				"Name the queues: those of the handlers may be on the application's own Redis");
	}

	@Override
	public void start() {
		this.stores.connections().start();
		this.results.open();
		this.watch.begin();
	}

	@Override
	public void stop() {
		this.results.close();
		this.stores.connections().stop();
	}

	@Override
	public boolean isRunning() {
		return this.stores.connections().isRunning();
	}

	@Override
	public int getPhase() {
		return RqConnections.PHASE;
	}

	@Override
	public void destroy() throws Exception {
		this.stores.connections().destroy();
	}

}
