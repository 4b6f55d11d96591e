package io.rq.actuate.info;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;

import io.rq.handler.JobHandlerRegistry;
import io.rq.monitor.LocalContainers;
import io.rq.worker.WorkerContainer;
import io.rq.worker.WorkerOptions;

/**
 * Tells which version of the library this application has, which functions it can run and
 * which workers it has, running or not. Asks nothing of Redis.
 */
public class RqInfoContributor implements InfoContributor {

	private final LocalContainers local;

	private final JobHandlerRegistry handlers;

	/**
	 * Creates it.
	 * @param local the workers of this application
	 * @param handlers the handlers of this application
	 */
	public RqInfoContributor(LocalContainers local, JobHandlerRegistry handlers) {
		this.local = local;
		this.handlers = handlers;
	}

	@Override
	public void contribute(Info.Builder builder) {
		Map<String, Object> rq = new LinkedHashMap<>();
		String version = RqInfoContributor.class.getPackage().getImplementationVersion();
		if (version != null) {
			rq.put("version", version);
		}
		rq.put("functions", List.copyOf(new TreeSet<>(this.handlers.names())));
		rq.put("workers", this.local.workers().stream().map(RqInfoContributor::describe).toList());
		builder.withDetail("rq", rq);
	}

	private static Map<String, Object> describe(WorkerContainer worker) {
		WorkerOptions options = worker.options();
		Map<String, Object> description = new LinkedHashMap<>();
		description.put("name", options.name());
		description.put("queues", options.queues());
		description.put("concurrency", options.concurrency());
		description.put("running", worker.isRunning());
		return description;
	}

}
