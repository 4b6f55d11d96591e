package io.rq.template;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.rq.handler.JobHandlerRegistry;
import io.rq.job.InvalidJobException;
import io.rq.job.Job;
import io.rq.job.JobDefinition;
import io.rq.job.JobDefinitions;
import io.rq.queue.Registry;
import io.rq.serializer.JobSerializer;
import io.rq.serializer.SerializedCall;

/**
 * Tells which jobs in Redis the handlers of this application could not run: because a
 * method was renamed, say, or has another parameter now. Ask it before such a version is
 * deployed, from a test or a start against the Redis of the one before.
 */
public class StoredJobs {

	/** So many jobs of a registry are looked at. */
	public static final int MOST_LOOKED_AT = 10_000;

	private static final int PAGE = 500;

	private static final List<Registry> REGISTRIES = List.of(Registry.QUEUED, Registry.SCHEDULED, Registry.DEFERRED,
			Registry.FAILED);

	private final QueueOperations queues;

	private final JobOperations jobs;

	private final JobSerializer serializer;

	private final JobDefinitions definitions;

	private final JobHandlerRegistry handlers;

	private final Supplier<? extends Collection<String>> known;

	/**
	 * Creates it.
	 * @param queues reads which jobs there are
	 * @param jobs reads the jobs
	 * @param serializer reads their calls
	 * @param definitions knows the parameters of functions
	 * @param handlers the handlers of this application
	 * @param known gets the queues that {@link #check()} looks at: those of the workers
	 * and handlers here
	 */
	public StoredJobs(QueueOperations queues, JobOperations jobs, JobSerializer serializer, JobDefinitions definitions,
			JobHandlerRegistry handlers, Supplier<? extends Collection<String>> known) {
		this.queues = queues;
		this.jobs = jobs;
		this.serializer = serializer;
		this.definitions = definitions;
		this.handlers = handlers;
		this.known = known;
	}

	/**
	 * Looks at the jobs that wait, are scheduled, wait for others or have failed, on the
	 * queues of this application's workers and handlers, the first
	 * {@value #MOST_LOOKED_AT} of each queue and state. Reads only.
	 * @return what was found
	 */
	public Report check() {
		return check(this.known.get());
	}

	/**
	 * Looks at the jobs on some queues.
	 * @param queues the names of the queues
	 * @return what was found
	 */
	public Report check(Collection<String> queues) {
		List<Misfit> misfits = new ArrayList<>();
		long looked = 0;
		boolean complete = true;
		for (String queue : queues) {
			for (Registry registry : REGISTRIES) {
				int offset = 0;
				List<String> ids = this.queues.ids(queue, registry, offset, PAGE);
				while (!ids.isEmpty() && offset < MOST_LOOKED_AT) {
					for (Job job : this.jobs.findAll(ids)) {
						looked++;
						look(job, queue, registry, misfits);
					}
					offset += ids.size();
					ids = this.queues.ids(queue, registry, offset, PAGE);
				}
				complete &= ids.isEmpty();
			}
		}
		return new Report(looked, complete, misfits);
	}

	private void look(Job job, String queue, Registry registry, List<Misfit> misfits) {
		String function = "";
		try {
			SerializedCall call = this.serializer.readCall(job.payload().data());
			function = call.function();
			String problem = problem(call);
			if (problem != null) {
				misfits.add(new Misfit(job.id(), queue, registry, function, problem));
			}
		}
		catch (InvalidJobException ex) {
			misfits.add(new Misfit(job.id(), queue, registry, function, String.valueOf(ex.getMessage())));
		}
	}

	private @Nullable String problem(SerializedCall call) {
		if (this.handlers.find(call.function()) == null) {
			return "No handler is named '" + call.function()
					+ "' in this application. If its method was renamed, give that @RqJob(aliases = \""
					+ call.function() + "\")";
		}
		JobDefinition definition = this.definitions.find(call.function());
		if (definition != null) {
			call.bind(definition.parameters());
		}
		return null;
	}

	/**
	 * What was found.
	 *
	 * @param looked how many jobs were looked at
	 * @param complete whether these were all
	 * @param misfits those that could not run
	 */
	public record Report(long looked, boolean complete, List<Misfit> misfits) {

		/**
		 * Makes the list unmodifiable.
		 */
		public Report {
			misfits = List.copyOf(misfits);
		}

		/** Says it for people, with the ids of the jobs. */
		@Override
		public String toString() {
			StringBuilder text = new StringBuilder().append(this.misfits.size())
				.append(" of ")
				.append(this.looked)
				.append(this.complete ? " stored jobs" : " stored jobs that were looked at (there are more)")
				.append(" would fail with the handlers of this application");
			this.misfits.forEach((misfit) -> text.append("\n  ").append(misfit));
			return text.toString();
		}

	}

	/**
	 * A job that could not run.
	 *
	 * @param jobId its id
	 * @param queue its queue
	 * @param registry where it stands
	 * @param function the function it calls, empty if that cannot be read
	 * @param problem what does not fit, and how to mend it
	 */
	public record Misfit(String jobId, String queue, Registry registry, String function, String problem) {

		@Override
		public String toString() {
			return this.jobId + " (" + this.registry + " on " + this.queue + "): " + this.problem;
		}

	}

}
