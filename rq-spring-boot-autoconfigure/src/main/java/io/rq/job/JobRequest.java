package io.rq.job;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Everything that can be said of a job when it is enqueued: what to call and with which
 * arguments, on which queue, when, and with which options. Immutable; each method returns
 * a changed copy. This is the one place for further options: the short forms of
 * {@code JobOperations} get no more parameters.
 *
 * <pre class="code">
 * JobRequest.of(MailJobs::sendWelcome, "ada@example.org", 42L)
 *     .queue("mail").retry(Retry.max(3).intervals(10, 60)).in(Duration.ofMinutes(5))
 * </pre>
 *
 * @param call what is called, and what is passed along
 * @param target where and when the job is put
 * @param options the options as far as given
 */
public record JobRequest(Call call, Target target, JobOptions options) {

	/**
	 * Creates a request for a function by its name, known to this application or not: a
	 * Python function is as good.
	 * @param function the dotted name
	 * @param args the arguments by position
	 * @return the request
	 * @throws IllegalArgumentException if the name has no text
	 */
	public static JobRequest of(String function, @Nullable Object... args) {
		return of(Call.of(function, args));
	}

	/**
	 * Creates a request for a method.
	 * @param method the method
	 * @param <T> the bean's type
	 * @return the request
	 */
	public static <T> JobRequest of(JobMethod.Of0<T> method) {
		return of(Call.of(method));
	}

	/**
	 * Creates a request for a method.
	 * @param method the method
	 * @param a the first argument
	 * @param <T> the bean's type
	 * @param <A> the first argument's type
	 * @return the request
	 */
	public static <T, A extends @Nullable Object> JobRequest of(JobMethod.Of1<T, A> method, A a) {
		return of(Call.of(method, a));
	}

	/**
	 * Creates a request for a method.
	 * @param method the method
	 * @param a the first argument
	 * @param b the second argument
	 * @param <T> the bean's type
	 * @param <A> the first argument's type
	 * @param <B> the second argument's type
	 * @return the request
	 */
	public static <T, A extends @Nullable Object, B extends @Nullable Object> JobRequest of(
			JobMethod.Of2<T, A, B> method, A a, B b) {
		return of(Call.of(method, a, b));
	}

	/**
	 * Creates a request for a method.
	 * @param method the method
	 * @param a the first argument
	 * @param b the second argument
	 * @param c the third argument
	 * @param <T> the bean's type
	 * @param <A> the first argument's type
	 * @param <B> the second argument's type
	 * @param <C> the third argument's type
	 * @return the request
	 */
	public static <T, A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object> JobRequest of(
			JobMethod.Of3<T, A, B, C> method, A a, B b, C c) {
		return of(Call.of(method, a, b, c));
	}

	/**
	 * Creates a request for a method.
	 * @param method the method
	 * @param a the first argument
	 * @param b the second argument
	 * @param c the third argument
	 * @param d the fourth argument
	 * @param <T> the bean's type
	 * @param <A> the first argument's type
	 * @param <B> the second argument's type
	 * @param <C> the third argument's type
	 * @param <D> the fourth argument's type
	 * @return the request
	 */
	public static <T, A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object, D extends @Nullable Object> JobRequest of(
			JobMethod.Of4<T, A, B, C, D> method, A a, B b, C c, D d) {
		return of(Call.of(method, a, b, c, d));
	}

	/**
	 * Creates a request for a method.
	 * @param method the method
	 * @param a the first argument
	 * @param b the second argument
	 * @param c the third argument
	 * @param d the fourth argument
	 * @param e the fifth argument
	 * @param <T> the bean's type
	 * @param <A> the first argument's type
	 * @param <B> the second argument's type
	 * @param <C> the third argument's type
	 * @param <D> the fourth argument's type
	 * @param <E> the fifth argument's type
	 * @return the request
	 */
	public static <T, A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object, D extends @Nullable Object, E extends @Nullable Object> JobRequest of(
			JobMethod.Of5<T, A, B, C, D, E> method, A a, B b, C c, D d, E e) {
		return of(Call.of(method, a, b, c, d, e));
	}

	/**
	 * Creates a request for a method.
	 * @param method the method
	 * @param a the first argument
	 * @param b the second argument
	 * @param c the third argument
	 * @param d the fourth argument
	 * @param e the fifth argument
	 * @param f the sixth argument
	 * @param <T> the bean's type
	 * @param <A> the first argument's type
	 * @param <B> the second argument's type
	 * @param <C> the third argument's type
	 * @param <D> the fourth argument's type
	 * @param <E> the fifth argument's type
	 * @param <F> the sixth argument's type
	 * @return the request
	 */
	public static <T, A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object, D extends @Nullable Object, E extends @Nullable Object, F extends @Nullable Object> JobRequest of(
			JobMethod.Of6<T, A, B, C, D, E, F> method, A a, B b, C c, D d, E e, F f) {
		return of(Call.of(method, a, b, c, d, e, f));
	}

	private static JobRequest of(Call call) {
		return new JobRequest(call, Target.DEFAULT, JobOptions.NONE);
	}

	/**
	 * Chooses the queue. By default the method's own, else the application's default.
	 * @param queue the queue's name
	 * @return a new request
	 */
	public JobRequest queue(String queue) {
		return with(this.target.withQueue(queue));
	}

	/**
	 * Chooses the job's id. A waiting or ended job of that id is replaced; a running one
	 * is an error when enqueued.
	 * @param id letters, digits, {@code _} and {@code -}
	 * @return a new request
	 * @throws IllegalArgumentException if the id is malformed
	 */
	public JobRequest id(String id) {
		return with(this.target.withId(id));
	}

	/**
	 * Makes it an error if a job of the {@linkplain #id(String) chosen id} exists in any
	 * state. Without a chosen id the request is refused when enqueued.
	 * @return a new request
	 */
	public JobRequest unique() {
		return with(this.target.withUnique());
	}

	/**
	 * Puts the job at the front of its queue, now or when it is due.
	 * @return a new request
	 */
	public JobRequest atFront() {
		return with(this.target.withFront());
	}

	/**
	 * Chooses what decides on the partition of a queue that is divided
	 * ({@code rq.queues.<queue>.partitions}); by default the job's id does. Jobs of one
	 * key are on one partition, so they begin in the order in which they were enqueued.
	 * For the next to wait until the one before has ended, they need a rate limit of one
	 * at a time as well. Has no effect on other queues.
	 * @param orderingKey the key, such as the number of a customer
	 * @return a new request
	 * @throws IllegalArgumentException if the key has no text
	 */
	public JobRequest orderingKey(String orderingKey) {
		return with(this.target.withOrderingKey(orderingKey));
	}

	/**
	 * Chooses the moment from which the job may run.
	 * @param at the moment
	 * @return a new request
	 * @throws IllegalArgumentException if it is after the year 9999
	 */
	public JobRequest at(Instant at) {
		Assert.notNull(at, "'at' must not be null");
		return with(this.target.withDue(NewJob.Due.at(at)));
	}

	/**
	 * Chooses the delay after which the job may run, counted by the clock of Redis.
	 * @param in the delay; zero or negative means at once
	 * @return a new request
	 * @throws IllegalArgumentException if it is longer than {@link JobOptions#LONGEST}
	 */
	public JobRequest in(Duration in) {
		Assert.notNull(in, "'in' must not be null");
		return with(this.target.withDue(NewJob.Due.in(in)));
	}

	/**
	 * Enqueues the job at once within a transaction too, whatever becomes of that.
	 * @return a new request
	 */
	public JobRequest immediately() {
		return with(this.target.withImmediate());
	}

	/**
	 * Chooses the arguments by name, instead of those given before.
	 * @param kwargs the arguments
	 * @return a new request
	 */
	public JobRequest kwargs(Map<String, ? extends @Nullable Object> kwargs) {
		return with(this.call.withKwargs(kwargs));
	}

	/**
	 * Chooses the meta data, which the job's method and observers can read, instead of
	 * those given before.
	 * @param meta the meta data
	 * @return a new request
	 */
	public JobRequest meta(Map<String, ? extends @Nullable Object> meta) {
		return with(this.call.withMeta(meta));
	}

	/**
	 * Adds one to the meta data.
	 * @param name its name
	 * @param value its value
	 * @return a new request
	 */
	public JobRequest addMeta(String name, @Nullable Object value) {
		return addMeta(Collections.singletonMap(name, value));
	}

	/**
	 * Adds to the meta data.
	 * @param meta what is added; it replaces what has the same name
	 * @return a new request
	 */
	public JobRequest addMeta(Map<String, ? extends @Nullable Object> meta) {
		Map<String, @Nullable Object> all = new LinkedHashMap<>(this.call.meta());
		all.putAll(meta);
		return meta(all);
	}

	/**
	 * Describes the job for people. By default its call with its arguments.
	 * @param description the text
	 * @return a new request
	 */
	public JobRequest description(String description) {
		return with(this.options.withDescription(description));
	}

	/**
	 * Limits one run of the job.
	 * @param timeout whole seconds, or {@link JobOptions#UNLIMITED}
	 * @return a new request
	 * @throws IllegalArgumentException if it is zero or not in whole seconds
	 */
	public JobRequest timeout(Duration timeout) {
		return with(this.options.withTimeout(timeout));
	}

	/**
	 * Limits how long the job may wait before it is dropped.
	 * @param ttl whole seconds
	 * @return a new request
	 * @throws IllegalArgumentException if it is not positive or not in whole seconds
	 */
	public JobRequest ttl(Duration ttl) {
		return with(this.options.withTtl(ttl));
	}

	/**
	 * Chooses how long job and result are kept after success.
	 * @param resultTtl whole seconds, zero to drop at once, or
	 * {@link JobOptions#UNLIMITED}
	 * @return a new request
	 */
	public JobRequest resultTtl(Duration resultTtl) {
		return with(this.options.withResultTtl(resultTtl));
	}

	/**
	 * Chooses how long job and result are kept after the final failure.
	 * @param failureTtl whole seconds, not at all if 0, or {@link JobOptions#UNLIMITED}
	 * @return a new request
	 */
	public JobRequest failureTtl(Duration failureTtl) {
		return with(this.options.withFailureTtl(failureTtl));
	}

	/**
	 * Chooses the answer to exceptions.
	 * @param retry the rule
	 * @return a new request
	 */
	public JobRequest retry(Retry retry) {
		return with(this.options.withRetry(retry));
	}

	/**
	 * Lets the job run again after success.
	 * @param repeat how often and after which waits
	 * @return a new request
	 */
	public JobRequest repeat(Repeat repeat) {
		return with(this.options.withRepeat(repeat));
	}

	/**
	 * Lets the job wait until other jobs have ended well, on whatever queues they are. In
	 * one {@code enqueueAll} jobs may wait for others of the same call whose ids were
	 * {@linkplain #id(String) chosen}.
	 * @param jobs the jobs to wait for
	 * @return a new request
	 */
	public JobRequest dependsOn(Job... jobs) {
		return dependsOn(Dependency.on(jobs));
	}

	/**
	 * Lets the job wait until other jobs have ended well. One that does not exist counts
	 * as ended.
	 * @param ids the ids of the jobs to wait for
	 * @return a new request
	 * @throws IllegalArgumentException if an id is malformed
	 */
	public JobRequest dependsOn(String... ids) {
		return dependsOn(Dependency.on(ids));
	}

	/**
	 * Lets the job wait until other jobs have ended. What is chosen for failures and for
	 * the front holds for all jobs that this one waits for. With a
	 * {@linkplain #at(Instant) due time} it waits for both.
	 * @param dependency the jobs to wait for
	 * @return a new request
	 * @throws IllegalArgumentException if it waits for more than
	 * {@link Dependency#MAX_JOBS}
	 */
	public JobRequest dependsOn(Dependency dependency) {
		return with(this.options.withLinks(this.options.links().and(dependency)));
	}

	/**
	 * Makes the job a member of a group.
	 * @param name the name of the group
	 * @return a new request
	 * @throws IllegalArgumentException if the name has no text or has control characters
	 */
	public JobRequest group(String name) {
		return with(this.options.withLinks(this.options.links().withGroup(name)));
	}

	/**
	 * Has a callback called after each success.
	 * @param callback the callback
	 * @return a new request
	 */
	public JobRequest onSuccess(Callback callback) {
		return with(this.options.withHooks(this.options.hooks().withOnSuccess(callback)));
	}

	/**
	 * Has a callback called after each success.
	 * @param callback its name, known to this application or not: a Python function is as
	 * good
	 * @return a new request
	 * @throws IllegalArgumentException if the name has no text
	 */
	public JobRequest onSuccess(String callback) {
		return onSuccess(Callback.of(callback));
	}

	/**
	 * Has a callback called after each success.
	 * @param callback a bean's method that is declared as a callback
	 * @param <T> the bean's type
	 * @param <A> the argument's type
	 * @return a new request
	 */
	public <T, A extends @Nullable Object> JobRequest onSuccess(JobMethod.Of1<T, A> callback) {
		return onSuccess(Callback.of(callback));
	}

	/**
	 * Has a callback called after each success.
	 * @param callback a bean's method that is declared as a callback
	 * @param <T> the bean's type
	 * @param <A> the first argument's type
	 * @param <B> the second argument's type
	 * @return a new request
	 */
	public <T, A extends @Nullable Object, B extends @Nullable Object> JobRequest onSuccess(
			JobMethod.Of2<T, A, B> callback) {
		return onSuccess(Callback.of(callback));
	}

	/**
	 * Has a callback called after each attempt that failed.
	 * @param callback the callback
	 * @return a new request
	 */
	public JobRequest onFailure(Callback callback) {
		return with(this.options.withHooks(this.options.hooks().withOnFailure(callback)));
	}

	/**
	 * Has a callback called after each attempt that failed.
	 * @param callback its name, known to this application or not: a Python function is as
	 * good
	 * @return a new request
	 * @throws IllegalArgumentException if the name has no text
	 */
	public JobRequest onFailure(String callback) {
		return onFailure(Callback.of(callback));
	}

	/**
	 * Has a callback called after each attempt that failed.
	 * @param callback a bean's method that is declared as a callback
	 * @param <T> the bean's type
	 * @param <A> the argument's type
	 * @return a new request
	 */
	public <T, A extends @Nullable Object> JobRequest onFailure(JobMethod.Of1<T, A> callback) {
		return onFailure(Callback.of(callback));
	}

	/**
	 * Has a callback called after each attempt that failed.
	 * @param callback a bean's method that is declared as a callback
	 * @param <T> the bean's type
	 * @param <A> the first argument's type
	 * @param <B> the second argument's type
	 * @return a new request
	 */
	public <T, A extends @Nullable Object, B extends @Nullable Object> JobRequest onFailure(
			JobMethod.Of2<T, A, B> callback) {
		return onFailure(Callback.of(callback));
	}

	/**
	 * Has a callback called after the job was stopped by a command.
	 * @param callback the callback
	 * @return a new request
	 */
	public JobRequest onStopped(Callback callback) {
		return with(this.options.withHooks(this.options.hooks().withOnStopped(callback)));
	}

	/**
	 * Has a callback called after the job was stopped by a command.
	 * @param callback its name, known to this application or not: a Python function is as
	 * good
	 * @return a new request
	 * @throws IllegalArgumentException if the name has no text
	 */
	public JobRequest onStopped(String callback) {
		return onStopped(Callback.of(callback));
	}

	/**
	 * Has a callback called after the job was stopped by a command.
	 * @param callback a bean's method that is declared as a callback
	 * @param <T> the bean's type
	 * @param <A> the argument's type
	 * @return a new request
	 */
	public <T, A extends @Nullable Object> JobRequest onStopped(JobMethod.Of1<T, A> callback) {
		return onStopped(Callback.of(callback));
	}

	/**
	 * Has a callback called after the job was stopped by a command.
	 * @param callback a bean's method that is declared as a callback
	 * @param <T> the bean's type
	 * @param <A> the first argument's type
	 * @param <B> the second argument's type
	 * @return a new request
	 */
	public <T, A extends @Nullable Object, B extends @Nullable Object> JobRequest onStopped(
			JobMethod.Of2<T, A, B> callback) {
		return onStopped(Callback.of(callback));
	}

	/**
	 * Lets only so many jobs of a key be on queues or run at a time, or start within a
	 * window. Above that the job waits, also when it is due, requeued or released. Where
	 * workers of Python share its queue a limit at a time needs RQ 3; none knows one by
	 * time.
	 * @param limit the limit
	 * @return a new request
	 */
	public JobRequest rateLimit(RateLimit limit) {
		Assert.notNull(limit, "'limit' must not be null");
		return with(this.options.withLinks(this.options.links().withRateLimit(limit)));
	}

	/**
	 * Has HTTP requests sent when the job has finished or has failed for good, by workers
	 * of applications where that is enabled.
	 * @param webhooks the requests
	 * @return a new request
	 */
	public JobRequest webhooks(Webhook... webhooks) {
		return with(this.options.withHooks(this.options.hooks().withWebhooks(webhooks)));
	}

	private JobRequest with(Call changed) {
		return new JobRequest(changed, this.target, this.options);
	}

	private JobRequest with(Target changed) {
		return new JobRequest(this.call, changed, this.options);
	}

	private JobRequest with(JobOptions changed) {
		return new JobRequest(this.call, this.target, changed);
	}

}
