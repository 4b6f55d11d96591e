package io.rq.handler;

import java.lang.reflect.Type;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.rq.job.JobOptions;
import io.rq.serializer.SerializedCall;

/**
 * Runs the jobs of one function name. Implemented for every annotated method; an
 * application may declare beans of its own for functions without one. Called on worker
 * threads, several at a time.
 */
public interface JobHandler {

	/**
	 * Returns the function name whose jobs this handler runs.
	 * @return the name as it stands in the job
	 */
	String name();

	/**
	 * Returns other names whose jobs this handler runs too, such as former ones.
	 * @return the names
	 */
	default List<String> aliases() {
		return List.of();
	}

	/**
	 * Returns the options for what a job does not carry itself.
	 * @return the options
	 */
	default JobOptions defaults() {
		return JobOptions.NONE;
	}

	/**
	 * Returns the queue that jobs of this function go to. A worker that is not told its
	 * queues takes those of its handlers.
	 * @return the queue's name, or {@code null} for the application's default queue
	 */
	default @Nullable String queue() {
		return null;
	}

	/**
	 * Returns the declared type of the results, by which they are written: the elements
	 * of a {@code List<Shape>} get the type information of {@code Shape}.
	 * @return the type
	 */
	default Type resultType() {
		return Object.class;
	}

	/**
	 * Returns whether another attempt may help after a failure. Asked only if no
	 * {@link JobExceptionHandler} decides.
	 * @param failure what the attempt has thrown
	 * @return {@code false} to fail the job whether or not it has retries left
	 */
	default boolean isRetryable(Throwable failure) {
		return true;
	}

	/**
	 * Runs one job.
	 * @param context the job and its surroundings
	 * @param call the function call with its arguments
	 * @return the result, {@code null} for none, or an {@link io.rq.job.Retry} to ask for
	 * another run
	 * @throws io.rq.job.InvalidJobException if the job can never run, which fails it
	 * without a retry
	 * @throws Exception if the attempt failed, which retries the job if retries are left
	 */
	@Nullable Object handle(JobContext context, SerializedCall call) throws Exception;

}
