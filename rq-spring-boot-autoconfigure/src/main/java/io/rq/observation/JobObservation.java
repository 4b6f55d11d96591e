package io.rq.observation;

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;

/**
 * The observations of jobs, and their keys. Where OpenTelemetry has a name for a key in
 * its conventions for messaging, it is that.
 */
public enum JobObservation implements ObservationDocumentation {

	/**
	 * A call that enqueues one or more jobs.
	 */
	ENQUEUE {
		@Override
		public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
			return DefaultJobEnqueueObservationConvention.class;
		}

		@Override
		public KeyName[] getHighCardinalityKeyNames() {
			return EnqueueKey.values();
		}
	},

	/**
	 * A run of a job.
	 */
	RUN {
		@Override
		public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
			return DefaultJobRunObservationConvention.class;
		}

		@Override
		public KeyName[] getHighCardinalityKeyNames() {
			return RunKey.values();
		}
	};

	@Override
	public KeyName[] getLowCardinalityKeyNames() {
		return Key.values();
	}

	/**
	 * Keys of few values, which meters have too.
	 */
	public enum Key implements KeyName {

		/** {@code rq}. */
		SYSTEM("messaging.system"),

		/** {@code send} or {@code process}. */
		OPERATION("messaging.operation.type"),

		/** The name of the queue, or {@code several} if a call enqueues on more. */
		QUEUE("messaging.destination.name"),

		/** The name of the function, or {@code several} if a call has more. */
		JOB("rq.job");

		private final String key;

		Key(String key) {
			this.key = key;
		}

		@Override
		public String asString() {
			return this.key;
		}

	}

	/**
	 * Keys of calls that enqueue, of many values.
	 */
	public enum EnqueueKey implements KeyName {

		/** The id of the job; for one alone. */
		JOB_ID {
			@Override
			public String asString() {
				return MESSAGE_ID;
			}
		},

		/** How many jobs the call has; for more than one. */
		JOBS {
			@Override
			public String asString() {
				return "messaging.batch.message_count";
			}
		}

	}

	/**
	 * Keys of runs, of many values.
	 */
	public enum RunKey implements KeyName {

		/** The id of the job. */
		JOB_ID(MESSAGE_ID),

		/** The id of the run. */
		EXECUTION_ID("rq.execution.id"),

		/** Which attempt it is, 1 for the first. */
		ATTEMPT("rq.attempt");

		private final String key;

		RunKey(String key) {
			this.key = key;
		}

		@Override
		public String asString() {
			return this.key;
		}

	}

	private static final String MESSAGE_ID = "messaging.message.id";

}
