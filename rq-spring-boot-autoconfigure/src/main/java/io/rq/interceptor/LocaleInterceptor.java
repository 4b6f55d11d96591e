package io.rq.interceptor;

import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.context.i18n.LocaleContext;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.core.Ordered;

import io.rq.handler.JobContext;
import io.rq.job.Job;
import io.rq.job.JobRequest;

/**
 * Lets the locale of the caller go along with jobs, as their meta data {@value #META}: a
 * language tag. In a run it is the one of {@link LocaleContextHolder}.
 */
public final class LocaleInterceptor implements JobInterceptor, Ordered {

	/** The name of the meta data. */
	public static final String META = "locale";

	/** Before those of applications, which may speak to somebody. */
	@Override
	public int getOrder() {
		return HIGHEST_PRECEDENCE + 10;
	}

	@Override
	public List<Job> aroundEnqueue(List<JobRequest> requests, EnqueueInvocation invocation) {
		LocaleContext current = LocaleContextHolder.getLocaleContext();
		Locale locale = (current != null) ? current.getLocale() : null;
		return invocation.proceed(requests, (locale != null) ? Map.of(META, locale.toLanguageTag()) : Map.of());
	}

	@Override
	public @Nullable Object aroundRun(JobContext context, RunInvocation invocation) throws Exception {
		if (!(RunMetaData.of(context).get(META) instanceof String tag)) {
			return invocation.proceed();
		}
		LocaleContext before = LocaleContextHolder.getLocaleContext();
		LocaleContextHolder.setLocale(Locale.forLanguageTag(tag));
		try {
			return invocation.proceed();
		}
		finally {
			LocaleContextHolder.setLocaleContext(before);
		}
	}

}
