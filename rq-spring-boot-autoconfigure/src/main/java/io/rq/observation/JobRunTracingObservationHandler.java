package io.rq.observation;

import java.util.Map;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.micrometer.observation.Observation;
import io.micrometer.tracing.Link;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.PropagatingReceiverTracingObservationHandler;
import io.micrometer.tracing.propagation.Propagator;
import org.jspecify.annotations.Nullable;

import io.rq.log.SafeLog;

/**
 * Makes the spans of runs: children of the call that enqueued the job, with a link to the
 * run before that has failed, whose span goes along in the meta data.
 */
public final class JobRunTracingObservationHandler
		extends PropagatingReceiverTracingObservationHandler<JobRunObservationContext> {

	/**
	 * The name of the meta data with the span of the last run that has failed, written as
	 * a W3C {@code traceparent}.
	 */
	public static final String FAILED_RUN = "failed_traceparent";

	private static final SafeLog log = SafeLog.of(JobRunTracingObservationHandler.class);

	/** An id of zeros is none, and Brave refuses it. */
	private static final Pattern TRACEPARENT = Pattern.compile("00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-01");

	private final BiConsumer<String, String> failedRuns;

	/**
	 * Creates the handler.
	 * @param tracer makes the spans
	 * @param propagator reads where they belong
	 * @param failedRuns stores {@value #FAILED_RUN} in the meta data of a job: is given
	 * its id and the value, on the thread of the job; what it throws is logged
	 */
	public JobRunTracingObservationHandler(Tracer tracer, Propagator propagator,
			BiConsumer<String, String> failedRuns) {
		super(tracer, propagator);
		this.failedRuns = failedRuns;
	}

	@Override
	public boolean supportsContext(Observation.Context context) {
		return context instanceof JobRunObservationContext;
	}

	@Override
	public Span.Builder customizeExtractedSpan(JobRunObservationContext context, Span.Builder builder) {
		TraceContext failed = failedRun(context);
		return (failed != null) ? builder.addLink(new Link(failed)) : builder;
	}

	/** What is in Redis may have been written by anybody. */
	private @Nullable TraceContext failedRun(JobRunObservationContext context) {
		Map<String, @Nullable Object> meta = context.getCarrier();
		if (meta == null || !(meta.get(FAILED_RUN) instanceof String written)) {
			return null;
		}
		Matcher parts = TRACEPARENT.matcher(written);
		return parts.matches()
				? getTracer().traceContextBuilder().traceId(parts.group(1)).spanId(parts.group(2)).sampled(true).build()
				: null;
	}

	@Override
	public void onStop(JobRunObservationContext context) {
		TraceContext run = getRequiredSpan(context).context();
		super.onStop(context);
		if (context.getError() != null && Boolean.TRUE.equals(run.sampled())) {
			keep(context.getJob().job().id(), "00-" + run.traceId() + "-" + run.spanId() + "-01");
		}
	}

	private void keep(String job, String failedRun) {
		try {
			this.failedRuns.accept(job, failedRun);
		}
		catch (RuntimeException ex) {
			log.debug("The next run of job {} will have no link to the one that has failed", job, ex);
		}
	}

}
