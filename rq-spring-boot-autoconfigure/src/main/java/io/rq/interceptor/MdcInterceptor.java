package io.rq.interceptor;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

import org.springframework.core.Ordered;

import io.rq.handler.JobContext;
import io.rq.job.Job;
import io.rq.job.JobRequest;
import io.rq.log.LogText;

/**
 * Lets entries of the logging context go along with jobs, as their meta data
 * {@value #META}, so that the log of a run shows what the log of the request showed.
 */
public final class MdcInterceptor implements JobInterceptor, Ordered {

	/** The name of the meta data. */
	public static final String META = "mdc";

	private final List<String> keys;

	/**
	 * Creates the interceptor.
	 * @param keys the keys that go along; what a producer sends beyond them is ignored
	 */
	public MdcInterceptor(List<String> keys) {
		this.keys = List.copyOf(keys);
	}

	/** Before those of applications, which may log. */
	@Override
	public int getOrder() {
		return HIGHEST_PRECEDENCE + 10;
	}

	@Override
	public List<Job> aroundEnqueue(List<JobRequest> requests, EnqueueInvocation invocation) {
		Map<String, String> entries = new LinkedHashMap<>();
		for (String key : this.keys) {
			String value = MDC.get(key);
			if (value != null) {
				entries.put(key, value);
			}
		}
		return invocation.proceed(requests, entries.isEmpty() ? Map.of() : Map.of(META, entries));
	}

	@Override
	public @Nullable Object aroundRun(JobContext context, RunInvocation invocation) throws Exception {
		if (!(RunMetaData.of(context).get(META) instanceof Map<?, ?> entries)) {
			return invocation.proceed();
		}
		Map<String, String> before = MDC.getCopyOfContextMap();
		try {
			for (String key : this.keys) {
				if (entries.get(key) instanceof String value) {
					MDC.put(key, LogText.of(value));
				}
			}
			return invocation.proceed();
		}
		finally {
			MDC.setContextMap((before != null) ? before : Map.of());
		}
	}

}
