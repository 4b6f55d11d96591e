package io.rq.interceptor;

import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.rq.handler.JobContext;
import io.rq.log.SafeLog;
import io.rq.serializer.JobSerializationException;

/**
 * The meta data of a job as interceptors read them: a job that does not look at its meta
 * data is not to fail because somebody wrote them badly.
 */
public final class RunMetaData {

	private static final SafeLog log = SafeLog.of(RunMetaData.class);

	private RunMetaData() {
	}

	/**
	 * Returns the meta data of a job.
	 * @param context the surroundings of the run
	 * @return the meta data, none if they cannot be read
	 */
	public static Map<String, @Nullable Object> of(JobContext context) {
		try {
			return context.meta();
		}
		catch (JobSerializationException ex) {
			log.debug("The meta data of job {} cannot be read, so what came with them is lost", context.job().id(), ex);
			return Map.of();
		}
	}

}
