package io.rq.worker;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;

import io.rq.annotation.RqJobDefinitions;
import io.rq.handler.CallbackEvent;
import io.rq.handler.CallbackHandler;
import io.rq.handler.JobContext;
import io.rq.handler.JobExceptionHandler;
import io.rq.handler.JobHandler;
import io.rq.handler.JobHandlerRegistry;
import io.rq.handler.JobListener;
import io.rq.interceptor.JobInterceptor;
import io.rq.job.Job;
import io.rq.job.JobOptions;
import io.rq.job.JobRequest;
import io.rq.job.JobStatus;
import io.rq.lifecycle.Listeners;
import io.rq.lifecycle.TimeSource;
import io.rq.redis.Claims.Claim;
import io.rq.redis.ExecutionStore;
import io.rq.redis.JobStore;
import io.rq.redis.MaintenanceStore;
import io.rq.redis.QueueControl;
import io.rq.redis.QueueWait;
import io.rq.redis.RedisScripts;
import io.rq.redis.SchedulerStore;
import io.rq.redis.SchedulerStore.SchedulerIdentity;
import io.rq.redis.WorkerCommands;
import io.rq.redis.WorkerLease;
import io.rq.redis.WorkerStore;
import io.rq.serializer.JacksonJobSerializer;
import io.rq.serializer.JobSerializer;
import io.rq.serializer.SerializedCall;
import io.rq.template.JobTemplate;
import io.rq.template.SchedulingWatch;
import io.rq.template.TemplateOptions;
import io.rq.test.TestStores;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Workers with handlers given as lambdas, a template to feed them, and a look at what
 * they left.
 */
final class WorkerBench implements AutoCloseable {

	static final WorkerOptions.Timing QUICK = new WorkerOptions.Timing(Duration.ofSeconds(2), Duration.ofMillis(500),
			Duration.ofMillis(300), Duration.ofSeconds(10), Duration.ofSeconds(1), Duration.ofMillis(500));

	private final Clock clock = Clock.systemUTC();

	private final TimeSource time = TimeSource.of(this.clock);

	private final JobSerializer serializer = new JacksonJobSerializer(JsonMapper.builder().build());

	private final JobHandlerRegistry handlers = new JobHandlerRegistry("default");

	private final List<JobListener> listeners = new ArrayList<>();

	private final List<JobExceptionHandler> exceptionHandlers = new ArrayList<>();

	private final List<JobInterceptor> interceptors = new ArrayList<>();

	private final List<WorkerContainer> containers = new ArrayList<>();

	private final RedisConnectionFactory connections;

	private final JobStore store;

	private final JobTemplate jobs;

	private boolean virtualThreads;

	WorkerBench(RedisConnectionFactory connections) {
		this.connections = connections;
		this.store = TestStores.jobs(TestStores.scripts(connections), this.clock);
		SchedulingWatch watch = new SchedulingWatch(new SchedulerStore(TestStores.scripts(connections), this.clock),
				(queue) -> true, (queue) -> false);
		this.jobs = new JobTemplate(this.store, watch, this.serializer, new RqJobDefinitions(),
				new TemplateOptions("default", JobOptions.NONE.withTimeout(Duration.ofMinutes(3)), 10_000_000),
				this.clock, TestStores.results(TestStores.scripts(connections)));
	}

	/** Enqueues so many jobs and takes them as a worker does. */
	List<ActiveRun> claim(WorkerStores stores, ActiveRuns runs, JobRequest request, int count) {
		for (int i = 0; i < count; i++) {
			this.jobs.enqueue(request);
		}
		List<ActiveRun> claimed = new ArrayList<>();
		for (Claim claim : stores.executions().claim(List.of("default"), count, false).claims()) {
			Job job = Objects.requireNonNull(claim.job());
			ActiveRun run = new ActiveRun(job, claim.execution(), stores.time().instant(), 0,
					stores.time().nanoTime() + TestRuns.LEASE.toNanos());
			runs.add(run);
			claimed.add(run);
		}
		assertThat(claimed).hasSize(count);
		return claimed;
	}

	QueueControl queues() {
		return new QueueControl(TestStores.scripts(this.connections), this.clock);
	}

	WorkerBench handle(String name, Handler handler) {
		return handle(name, JobOptions.NONE, handler);
	}

	WorkerBench handle(String name, JobOptions defaults, Handler handler) {
		this.handlers.register(new JobHandler() {
			@Override
			public String name() {
				return name;
			}

			@Override
			public JobOptions defaults() {
				return defaults;
			}

			@Override
			public @Nullable Object handle(JobContext context, SerializedCall call) throws Exception {
				return handler.handle(context, call.args());
			}
		});
		return this;
	}

	private WorkerBench callback(CallbackHandler callback) {
		this.handlers.register(callback);
		return this;
	}

	WorkerBench callback(String name, Callback callback) {
		return callback(new CallbackHandler() {
			@Override
			public String name() {
				return name;
			}

			@Override
			public void handle(CallbackEvent event) throws Exception {
				callback.handle(event);
			}
		});
	}

	WorkerBench listen(JobListener listener) {
		this.listeners.add(listener);
		return this;
	}

	WorkerBench decide(JobExceptionHandler exceptionHandler) {
		this.exceptionHandlers.add(exceptionHandler);
		return this;
	}

	WorkerBench intercept(JobInterceptor interceptor) {
		this.interceptors.add(interceptor);
		this.jobs.setInterceptors(this.interceptors);
		return this;
	}

	WorkerBench onVirtualThreads() {
		this.virtualThreads = true;
		return this;
	}

	JobTemplate jobs() {
		return this.jobs;
	}

	WorkerContainer worker(String name, UnaryOperator<WorkerOptions> options) {
		WorkerOptions base = WorkerOptions.of(name, "default").withTiming(QUICK);
		WorkerOptions changed = options.apply(base);
		return start(changed, stores(changed));
	}

	WorkerContainer start(WorkerOptions options, WorkerStores stores) {
		WorkerContainer container = new WorkerContainer(options, stores, handling(), this.virtualThreads);
		this.containers.add(container);
		container.start();
		return container;
	}

	WorkerContainer worker() {
		return worker("worker-1", UnaryOperator.identity());
	}

	WorkerContainer container(WorkerOptions options) {
		return new WorkerContainer(options, stores(options), handling(), this.virtualThreads);
	}

	private JobHandling handling() {
		return new JobHandling(this.handlers, this.serializer, () -> this.listeners, () -> this.exceptionHandlers,
				() -> this.interceptors, null);
	}

	/** A worker whose jobs run where the caller says, not started. */
	Worker worker(WorkerOptions options, Executor threads) {
		return new Worker(options, stores(options), handling(), () -> false, threads(threads), () -> {
		});
	}

	/** The parts around a desk whose runs get the threads that the caller says. */
	Desk desk(WorkerOptions options, Executor threads) {
		WorkerStores stores = stores(options);
		Listeners<JobListener> heard = new Listeners<>(this.listeners);
		Permits permits = new Permits(options.concurrency());
		ActiveRuns runs = new ActiveRuns();
		OutcomeWriter writer = new OutcomeWriter(stores.executions(), runs, heard, stores.time());
		OutcomeRules rules = new OutcomeRules(this.serializer, options.defaults(), stores.time());
		Callbacks callbacks = new Callbacks(this.handlers, this.serializer, threads(threads), stores.time());
		RunEnds ends = new RunEnds(permits, runs, rules, writer, callbacks, new Notices(null, callbacks),
				new RunReports(threads(threads), heard));
		JobRunner runner = new JobRunner(options.name(), handling(), (run) -> false, this.store, rules, heard, ends,
				stores.time());
		WaitingRuns waiting = new WaitingRuns(options.concurrency(), permits, stores.time());
		AtomicInteger exhaustions = new AtomicInteger();
		return new Desk(permits, runs, writer, ends,
				new RunDesk(waiting, new ReadAhead(options.concurrency(), stores.time()), runs, threads(threads),
						runner, ends, exhaustions::incrementAndGet),
				exhaustions);
	}

	private static RunThreads threads(Executor threads) {
		return new RunThreads(threads, Map.of(), () -> {
		});
	}

	WorkerStores stores(WorkerOptions options) {
		WorkerLease lease = new WorkerLease(options.name(), options.timing().lease(),
				options.timing().heartbeatInterval());
		RedisScripts scripts = TestStores.scripts(this.connections);
		return new WorkerStores(new ExecutionStore(scripts, this.clock, lease, TestStores.MAX_PAYLOAD), this.store,
				new WorkerStore(scripts, this.clock), new MaintenanceStore(scripts, this.clock, lease),
				(queue, worker) -> new QueueWait(scripts, queue, worker, options.timing().longestWait()),
				new WorkerCommands(scripts, options.name()), this.time);
	}

	JobStatus status(Job job) {
		return this.jobs.find(job.id()).orElseThrow().status();
	}

	/** Moves due jobs once, as the elected scheduler would. */
	int promote(String queue) {
		SchedulerStore schedulers = new SchedulerStore(TestStores.scripts(this.connections), this.clock);
		SchedulerIdentity identity = new SchedulerIdentity("bench", "host", 1, this.clock.instant());
		schedulers.lead(identity, List.of(queue), Duration.ofSeconds(60), null);
		SchedulerStore.Promotion promotion = schedulers.promote(queue, identity, 100);
		return (promotion != null) ? promotion.moved() : 0;
	}

	<T> T redis(RedisCall<T> call) {
		try (RedisConnection connection = this.connections.getConnection()) {
			return call.on(connection);
		}
	}

	@Override
	public void close() {
		this.containers.forEach(WorkerContainer::stop);
	}

	@FunctionalInterface
	interface Handler {

		@Nullable Object handle(JobContext context, List<@Nullable Object> args) throws Exception;

	}

	@FunctionalInterface
	interface Callback {

		void handle(CallbackEvent event) throws Exception;

	}

	@FunctionalInterface
	interface RedisCall<T> {

		T on(RedisConnection connection);

	}

	/**
	 * Where runs begin, and what they act on.
	 *
	 * @param permits their places
	 * @param runs those that have a lease
	 * @param writer takes their outcomes
	 * @param ends takes their ends
	 * @param desk where they begin
	 * @param exhaustions how often there was nothing more to take
	 */
	record Desk(Permits permits, ActiveRuns runs, OutcomeWriter writer, RunEnds ends, RunDesk desk,
			AtomicInteger exhaustions) {

	}

}
