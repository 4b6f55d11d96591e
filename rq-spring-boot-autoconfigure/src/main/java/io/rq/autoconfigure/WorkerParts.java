package io.rq.autoconfigure;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

import io.rq.handler.JobExceptionHandler;
import io.rq.handler.JobHandlerRegistry;
import io.rq.handler.JobListener;
import io.rq.lifecycle.SafeLog;
import io.rq.serializer.JobSerializer;
import io.rq.worker.WorkerContainerFactory;
import io.rq.worker.WorkerOptions;

/**
 * What a worker is made of, for either kind of thread.
 *
 * @param options the properties
 * @param stores the Redis
 * @param handlers the handlers of the jobs
 * @param serializer the serializer of the jobs
 * @param listeners who hears what becomes of jobs
 * @param exceptionHandlers who decides what becomes of failed attempts
 * @param environment knows the application's name
 */
record WorkerParts(RqOptions options, RqStores stores, JobHandlerRegistry handlers, JobSerializer serializer,
		ObjectProvider<JobListener> listeners, ObjectProvider<JobExceptionHandler> exceptionHandlers,
		Environment environment) {

	private static final SafeLog log = SafeLog.of(WorkerParts.class);

	private static final String PHASE_TIMEOUT = "spring.lifecycle.timeout-per-shutdown-phase";

	private static final String DEFAULT_PHASE_TIMEOUT = "30s";

	WorkerContainerFactory factory(boolean virtualThreads) {
		WorkerOptions worker = this.options.worker(this::generateName,
				this.stores.connections().longestWait(this.options.properties().worker().lease()));
		warnOfLongShutdown(worker.timing().shutdownTimeout());
		WorkerContainerFactory factory = new WorkerContainerFactory(worker, this.stores::worker, this.handlers,
				this.serializer, this.listeners.orderedStream().toList(),
				this.exceptionHandlers.orderedStream().toList(), virtualThreads);
		boolean enabled = !Boolean.FALSE.equals(this.options.properties().worker().enabled());
		factory.setAutoStartup(() -> enabled);
		return factory;
	}

	/** A name that people recognise and no other process has. */
	private String generateName() {
		String application = this.environment.getProperty("spring.application.name");
		String base = StringUtils.hasText(application) ? application : hostname();
		return base.strip().replaceAll("[^A-Za-z0-9._-]+", "-") + "-"
				+ HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
	}

	private static String hostname() {
		try {
			return InetAddress.getLocalHost().getHostName();
		}
		catch (UnknownHostException ex) {
			return "worker";
		}
	}

	private void warnOfLongShutdown(Duration shutdownTimeout) {
		String phaseTimeout = this.environment.getProperty(PHASE_TIMEOUT, DEFAULT_PHASE_TIMEOUT);
		if (shutdownTimeout.compareTo(DurationStyle.detectAndParse(phaseTimeout)) >= 0) {
			log.warn(
					"'rq.worker.shutdown-timeout' ({}) should be less than '{}' ({}): the application may end before "
							+ "its worker has stopped in order, and its jobs run again when their leases have run out",
					shutdownTimeout, PHASE_TIMEOUT, phaseTimeout);
		}
	}

}
