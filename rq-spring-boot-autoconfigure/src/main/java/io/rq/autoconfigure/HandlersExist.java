package io.rq.autoconfigure;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.rq.worker.JobHandlerRegistry;

/**
 * Whether a worker of this application could run anything. Known for sure only when all
 * singletons have been created.
 */
final class HandlersExist implements BooleanSupplier {

	private static final Logger logger = LoggerFactory.getLogger(HandlersExist.class);

	private final JobHandlerRegistry handlers;

	private final AtomicBoolean told = new AtomicBoolean();

	HandlersExist(JobHandlerRegistry handlers) {
		this.handlers = handlers;
	}

	@Override
	public boolean getAsBoolean() {
		boolean exist = !this.handlers.names().isEmpty();
		if (!exist && this.told.compareAndSet(false, true)) {
			logger.info("No worker is started: there is no @RqJob method and no JobHandler bean. "
					+ "Set 'rq.worker.enabled' to true to start one all the same");
		}
		return exist;
	}

}
