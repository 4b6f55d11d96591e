package io.rq.security;

import java.util.Collections;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

import org.springframework.core.Ordered;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;

import io.rq.handler.JobContext;
import io.rq.interceptor.JobInterceptor;
import io.rq.interceptor.RunMetaData;
import io.rq.job.Job;
import io.rq.job.JobRequest;
import io.rq.log.LogText;

/**
 * Lets the name of the user who enqueues go along with jobs, and shows it in the logging
 * context of runs as {@value #MDC_KEY}.
 */
public final class EnqueuedByInterceptor implements JobInterceptor, Ordered {

	private static final String MDC_KEY = "rq.enqueued-by";

	private final @Nullable EnqueuedByResolver resolver;

	/**
	 * Creates the interceptor.
	 * @param resolver decides as which user a job runs, or {@code null} to run as nobody
	 */
	public EnqueuedByInterceptor(@Nullable EnqueuedByResolver resolver) {
		this.resolver = resolver;
	}

	/** Before those of applications, which may ask who the user is. */
	@Override
	public int getOrder() {
		return HIGHEST_PRECEDENCE + 20;
	}

	@Override
	public List<Job> aroundEnqueue(List<JobRequest> requests, EnqueueInvocation invocation) {
		Authentication user = SecurityContextHolder.getContext().getAuthentication();
		if (user == null || !user.isAuthenticated() || user instanceof AnonymousAuthenticationToken) {
			return invocation.proceed(requests);
		}
		return invocation.proceed(requests, Collections.singletonMap(JobContext.ENQUEUED_BY, user.getName()));
	}

	@Override
	public @Nullable Object aroundRun(JobContext context, RunInvocation invocation) throws Exception {
		if (!(RunMetaData.of(context).get(JobContext.ENQUEUED_BY) instanceof String name)) {
			return invocation.proceed();
		}
		String before = MDC.get(MDC_KEY);
		MDC.put(MDC_KEY, LogText.of(name));
		try {
			return (this.resolver != null) ? runAs(this.resolver.resolve(name, context), invocation)
					: invocation.proceed();
		}
		finally {
			if (before != null) {
				MDC.put(MDC_KEY, before);
			}
			else {
				MDC.remove(MDC_KEY);
			}
		}
	}

	private static @Nullable Object runAs(@Nullable Authentication user, RunInvocation invocation) throws Exception {
		SecurityContext before = SecurityContextHolder.getContext();
		SecurityContext own = SecurityContextHolder.createEmptyContext();
		own.setAuthentication(user);
		SecurityContextHolder.setContext(own);
		try {
			return invocation.proceed();
		}
		finally {
			SecurityContextHolder.setContext(before);
		}
	}

}
