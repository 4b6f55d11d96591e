package io.rq.chaos;

import java.util.List;
import java.util.Set;

import redis.clients.jedis.UnifiedJedis;

import io.rq.test.PythonRq;

/**
 * One server on which a worker of Python RQ shares a queue with those of Java. Only they
 * suffer: what Python's takes off a queue is nowhere until it has begun, so that it loses
 * jobs by itself where it dies or Redis is away (protocol §18, W3).
 */
final class ServerWithPython extends SingleServer {

	private static final String NAME = "python";

	/**
	 * What is left to the lock of Python's maintenance, in seconds, when jobs are
	 * reclaimed again (protocol §5.6).
	 */
	private static final long RECLAIMED = 899 - 30;

	private static final String MODULE = """
			import time
			import uuid
			import redis
			from rq import get_current_job

			ledger = redis.Redis(port=%d)

			def note(*words):
			    ledger.rpush('ledger', ' '.join(str(word) for word in (int(time.time() * 1000),) + words))

			def shared(millis):
			    run = uuid.uuid4().hex
			    note('start', get_current_job().id, run, '%s', 1, 'chaos_jobs.shared')
			    time.sleep(millis / 1000)
			    note('end', run, 'false')
			""";

	private final PythonRq python = new PythonRq(redis());

	@Override
	public String name() {
		return "one server beside Python";
	}

	@Override
	public List<String> connection() {
		return List.of("--spring.data.redis.port=" + redis().port());
	}

	@Override
	public Set<String> others() {
		return Set.of(NAME);
	}

	@Override
	public void startOthers(int ledger) {
		this.python.module("chaos_jobs", MODULE.formatted(ledger, NAME));
		PythonRq.Worker worker = this.python.startWorker(Shape.SHARED_QUEUE);
		if (!Stage.comes(() -> isMaintained(worker))) {
			throw new AssertionError("Python has not maintained its queue: " + worker.output());
		}
	}

	/**
	 * Its worker begins with that when it starts; since RQ 1.16 its lock is gone then.
	 */
	private boolean isMaintained(PythonRq.Worker worker) {
		try (UnifiedJedis redis = connect()) {
			return worker.output().matches("(?s).*[Cc]leaning registries.*")
					&& redis.ttl(key(Shape.SHARED_QUEUE, "clean_registries:" + Shape.SHARED_QUEUE)) <= RECLAIMED;
		}
	}

	@Override
	public List<Fault.Kind> faults() {
		return ProcessFaults.all();
	}

	@Override
	public void close() {
		this.python.close();
		super.close();
	}

}
