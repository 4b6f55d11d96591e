package io.rq.autoconfigure;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

import io.rq.handler.JobHandlerRegistry;
import io.rq.log.SafeLog;

/**
 * Whether a worker of this application could run anything. Known for sure only when all
 * singletons have been created.
 */
final class HandlersExist implements BooleanSupplier {

	private static final SafeLog log = SafeLog.of(HandlersExist.class);

	private final JobHandlerRegistry handlers;

	private final AtomicBoolean told = new AtomicBoolean();

	HandlersExist(JobHandlerRegistry handlers) {
		this.handlers = handlers;
	}

	@Override
	public boolean getAsBoolean() {
		boolean exist = !this.handlers.names().isEmpty();
		if (!exist && this.told.compareAndSet(false, true)) {
			log.info("No worker is started: there is no @RqJob method and no JobHandler bean. "
					+ "Set 'rq.worker.enabled' to true to start one all the same");
		}
		return exist;
	}

}
