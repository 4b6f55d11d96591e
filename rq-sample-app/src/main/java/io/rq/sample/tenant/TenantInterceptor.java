package io.rq.sample.tenant;

import java.util.Collections;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

import io.rq.handler.JobContext;
import io.rq.interceptor.JobInterceptor;
import io.rq.job.Job;
import io.rq.job.JobRequest;

/**
 * Lets jobs run for the tenant for whom they were enqueued.
 */
@Component
public class TenantInterceptor implements JobInterceptor {

	private static final String META = "tenant";

	private final CurrentTenant tenant;

	TenantInterceptor(CurrentTenant tenant) {
		this.tenant = tenant;
	}

	@Override
	public List<Job> aroundEnqueue(List<JobRequest> requests, EnqueueInvocation invocation) {
		return invocation.proceed(requests, Collections.singletonMap(META, this.tenant.name()));
	}

	@Override
	public @Nullable Object aroundRun(JobContext context, RunInvocation invocation) throws Exception {
		String before = this.tenant.name();
		this.tenant.set((context.meta().get(META) instanceof String name) ? name : null);
		try {
			return invocation.proceed();
		}
		finally {
			this.tenant.set(before);
		}
	}

}
