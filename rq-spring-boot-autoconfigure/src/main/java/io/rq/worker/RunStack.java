package io.rq.worker;

import java.util.List;
import java.util.stream.Stream;

/**
 * What a thread does that runs a job, at one moment.
 *
 * @param worker the worker's name
 * @param thread the thread's name
 * @param state its state
 * @param frames the calls it is in, the last one first
 */
public record RunStack(String worker, String thread, Thread.State state, List<String> frames) {

	/**
	 * Makes the frames unmodifiable.
	 */
	public RunStack {
		frames = List.copyOf(frames);
	}

	static RunStack of(String worker, Thread thread) {
		Thread.State state = thread.getState();
		return new RunStack(worker, thread.getName(), state,
				Stream.of(thread.getStackTrace()).map(StackTraceElement::toString).toList());
	}

}
