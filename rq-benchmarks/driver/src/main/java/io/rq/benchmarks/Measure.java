package io.rq.benchmarks;

import java.util.Locale;

/**
 * A measure that is one number per round.
 */
enum Measure {

	ENQUEUE_1("enqueue, 1 thread", "jobs/s"),

	ENQUEUE_8("enqueue, 8 threads", "jobs/s"),

	ENQUEUE_ALL("enqueue in bulk", "jobs/s"),

	DRAIN("drain", "jobs/s"),

	END_TO_END("produce and work together", "jobs/s"),

	LOAD("load offered at half the drain rate", "jobs/s"),

	COMMANDS("Redis commands per job", ""),

	ROUND_TRIPS("round trips per job", ""),

	STORE_CPU("store CPU per job", "µs"),

	WORKER_CPU("worker CPU per job", "µs"),

	ALLOCATED("allocated per job", "bytes"),

	RESIDENT("worker memory (RSS)", "MB"),

	START("start to first job", "s"),

	WAITING_BYTES("Redis memory per waiting job", "bytes"),

	FINISHED_BYTES("Redis memory per finished job", "bytes"),

	ENQUEUE_COMMANDS("Redis commands per enqueue", ""),

	ENQUEUE_STORE_CPU("store CPU per enqueue", "µs"),

	INSTALLED_COLD("drain, just started", "jobs/s"),

	INSTALLED_WARM("drain, warm", "jobs/s"),

	INSTALLED_CPU("store CPU per job, just started", "µs"),

	INSTALLED_READS("round trips per job, just started", ""),

	BACKLOG_SHORT("drain with a short queue", "jobs/s"),

	BACKLOG_LONG("drain with a long queue", "jobs/s"),

	BACKLOG_LONG_BYTES("Redis memory of the long queue", "MB"),

	BACKLOG_SCHEDULED("drain beside many scheduled jobs", "jobs/s"),

	BACKLOG_SCHEDULED_BYTES("Redis memory of many scheduled jobs", "MB"),

	GROWTH_DRAIN("drain, just started", "jobs/s"),

	GROWTH_READS("calls of the idle workers", "per second"),

	GROWTH_COMMANDS("commands of the idle workers, those inside scripts included", "per second"),

	GROWTH_CPU("store CPU of the idle workers", "% of a processor"),

	GROWTH_HEAP("heap in use", "MB"),

	GROWTH_RESIDENT("worker memory (RSS) of the process", "MB"),

	SCRIPTS_ENQUEUE("scripts alone, enqueue in bulk", "jobs/s"),

	SCRIPTS_DRAIN("scripts alone, drain", "jobs/s"),

	SCRIPTS_DRAIN_CPU("scripts alone, Redis CPU per drained job", "µs"),

	PING("PING, one at a time", "calls/s"),

	PING_PIPELINED("PING, pipelined", "calls/s");

	private final String title;

	private final String unit;

	Measure(String title, String unit) {
		this.title = title;
		this.unit = unit;
	}

	String title() {
		return this.title;
	}

	String unit() {
		return this.unit;
	}

	/**
	 * Returns the name used in files.
	 */
	String id() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
