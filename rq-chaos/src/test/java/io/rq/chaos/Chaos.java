package io.rq.chaos;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.rq.test.TestRedis;

/**
 * A run: processes at work on a Redis, faults one after the other, and the audit.
 */
final class Chaos implements AutoCloseable {

	/** So many that one worker can do what others have left. */
	private static final int PLACES = 25;

	private static final Path LOGS = Path.of("target", "chaos");

	private final Path logs;

	private final Ground ground;

	private final TestRedis record = TestRedis.start();

	private final Ledger ledger = new Ledger(this.record.port());

	private final Hooks hooks = new Hooks(this.ledger);

	private final Outbox outbox = new Outbox();

	private final Fleet fleet;

	private final Stage stage;

	private final List<Fault.Struck> strikes = new ArrayList<>();

	private final long begin = System.currentTimeMillis();

	/**
	 * Prepares a run and takes over its ground.
	 * @param name names its logs
	 * @param ground the Redis under the processes
	 * @param properties what the processes have beside what all runs have
	 */
	Chaos(String name, Ground ground, List<String> properties) {
		this.logs = LOGS.resolve(name);
		this.ground = ground;
		List<String> common = new ArrayList<>(ground.connection());
		common.addAll(List.of("--ledger.port=" + this.record.port(), "--gauges.every=5s",
				"--rq.worker.lease=" + Stage.LEASE.toSeconds() + "s", "--rq.worker.heartbeat-interval=1s",
				"--rq.worker.maintenance-interval=1s", "--rq.worker.concurrency=" + PLACES,
				"--rq.scheduler.lock-lease=" + Stage.LOCK_LEASE.toSeconds() + "s", "--rq.job.result-ttl=60s",
				"--rq.job.failure-ttl=60s", "--spring.data.redis.timeout=" + Stage.TIMEOUT.toSeconds() + "s",
				"--rq.webhooks.enabled=true", "--rq.webhooks.allowed=127.0.0.1", "--rq.webhooks.intervals=1s",
				"--spring.main.banner-mode=off"));
		common.addAll(properties);
		this.fleet = new Fleet(this.logs, common);
		this.stage = new Stage(ground, this.fleet, this.ledger);
	}

	/** Starts the processes, whose clocks differ, and waits until all work. */
	void start(Form form) {
		this.ground.startOthers(this.record.port());
		start(1, "worker-ahead-", Fleet.Role.WORKER, List.of("--clock.offset=1h"));
		start(form.workers() - 1, "worker", Fleet.Role.WORKER, List.of());
		start(form.schedulers(), "scheduler-behind-", Fleet.Role.SCHEDULER, List.of("--clock.offset=-1h"));
		start(form.producers(), "producer", Fleet.Role.PRODUCER, Stream
			.concat(this.outbox.properties().stream(),
					Stream.of("--load.every=" + form.every().toMillis() + "ms",
							"--load.address=" + this.hooks.address()))
			.toList());
		this.stage.awaitAllAtWork();
	}

	private void start(int count, String name, Fleet.Role role, List<String> properties) {
		for (int i = 1; i <= count; i++) {
			this.fleet.start(name + i, role, properties);
		}
	}

	/** Lets a fault strike and waits until all work again. */
	void strike(Fault fault) {
		System.out.printf("%s %s%n", Instant.now(), fault);
		Strike strike = fault.harm().strike(this.stage);
		System.out.printf("%s %s%n", Instant.now(), strike);
		this.strikes.add(new Fault.Struck(fault, strike));
		this.stage.awaitAllAtWork();
	}

	/** Ends the load, waits until all is done, and counts. */
	ChaosAudit audit() {
		this.fleet.stopProducers();
		start(1, "courier", Fleet.Role.COURIER, this.outbox.properties());
		try {
			return ChaosAudit.of(this.stage, List.copyOf(this.strikes),
					Duration.ofMillis(System.currentTimeMillis() - this.begin));
		}
		finally {
			this.ledger.save(this.logs.resolve("ledger.txt"));
		}
	}

	List<Fault.Struck> strikes() {
		return this.strikes;
	}

	Stage stage() {
		return this.stage;
	}

	@Override
	public void close() {
		this.fleet.close();
		this.hooks.close();
		this.outbox.close();
		this.ledger.close();
		this.record.close();
		this.ground.close();
	}

}
