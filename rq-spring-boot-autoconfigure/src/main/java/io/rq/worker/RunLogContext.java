package io.rq.worker;

import java.util.List;

import org.slf4j.MDC;

import io.rq.handler.RunInfo;
import io.rq.log.LogText;

/**
 * What is in the logging context of a thread while it runs a job, or tells of its end.
 */
final class RunLogContext {

	private static final String JOB_ID = "rq.job.id";

	private static final String JOB_NAME = "rq.job.name";

	private static final String QUEUE = "rq.queue";

	private static final String ATTEMPT = "rq.attempt";

	private static final String WORKER = "rq.worker";

	private static final List<String> KEYS = List.of(JOB_ID, JOB_NAME, QUEUE, ATTEMPT, WORKER);

	private RunLogContext() {
	}

	/** Does something within the logging context of a run. */
	static void within(RunInfo run, Runnable action) {
		MDC.put(JOB_ID, LogText.of(run.job().id()));
		MDC.put(JOB_NAME, LogText.of(run.function()));
		MDC.put(QUEUE, LogText.of(run.job().queue()));
		MDC.put(ATTEMPT, Integer.toString(run.attempt()));
		MDC.put(WORKER, run.worker());
		try {
			action.run();
		}
		finally {
			KEYS.forEach(MDC::remove);
		}
	}

}
