package io.rq.handler;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

import io.rq.job.QueueName;

/**
 * Holds the handlers by function name, and the callbacks by theirs. Only what stands here
 * can run: nothing in Redis can name any other class or method.
 */
public class JobHandlerRegistry {

	private final Map<String, JobHandler> handlers = new ConcurrentHashMap<>();

	private final Map<String, CallbackHandler> callbacks = new ConcurrentHashMap<>();

	private final String defaultQueue;

	/**
	 * Creates a registry.
	 * @param defaultQueue the queue of handlers that name none
	 */
	public JobHandlerRegistry(String defaultQueue) {
		this.defaultQueue = QueueName.requireValid(defaultQueue);
	}

	/**
	 * Adds a handler, by its name and its aliases.
	 * @param handler the handler
	 * @throws IllegalStateException if another handler has one of these names
	 */
	public void register(JobHandler handler) {
		register(handler.name(), handler);
		handler.aliases().forEach((alias) -> register(alias, handler));
	}

	private void register(String name, JobHandler handler) {
		Assert.hasText(name, "'name' of a job handler must not be empty");
		JobHandler other = this.handlers.putIfAbsent(name, handler);
		Assert.state(other == null, () -> "Two handlers are named '" + name + "': " + other + " and " + handler
				+ ". Give one of them another name");
	}

	/**
	 * Adds a callback.
	 * @param callback the callback
	 * @throws IllegalStateException if another callback has the same name
	 */
	public void register(CallbackHandler callback) {
		Assert.hasText(callback.name(), "'name' of a callback must not be empty");
		CallbackHandler other = this.callbacks.putIfAbsent(callback.name(), callback);
		Assert.state(other == null, () -> "Two callbacks are named '" + callback.name() + "': " + other + " and "
				+ callback + ". Give one of them another name");
	}

	/**
	 * Returns the callback of a name.
	 * @param name the name
	 * @return the callback, or {@code null} if there is none
	 */
	public @Nullable CallbackHandler findCallback(String name) {
		return this.callbacks.get(name);
	}

	/**
	 * Returns the handler of a function name.
	 * @param name the name
	 * @return the handler, or {@code null} if there is none
	 */
	public @Nullable JobHandler find(String name) {
		return this.handlers.get(name);
	}

	/**
	 * Returns the names of all handlers, their aliases among them.
	 * @return an unmodifiable view
	 */
	public Set<String> names() {
		return Collections.unmodifiableSet(this.handlers.keySet());
	}

	/**
	 * Returns the queues that jobs of the handlers go to.
	 * @return the names in alphabetical order; the default queue alone if there is no
	 * handler
	 */
	public List<String> queues() {
		return this.handlers.isEmpty() ? List.of(this.defaultQueue)
				: this.handlers.values().stream().map(this::queue).distinct().sorted().toList();
	}

	/**
	 * Returns the queue that jobs of a handler go to.
	 * @param handler the handler
	 * @return the queue's name
	 */
	public String queue(JobHandler handler) {
		String queue = handler.queue();
		return (queue != null) ? queue : this.defaultQueue;
	}

}
