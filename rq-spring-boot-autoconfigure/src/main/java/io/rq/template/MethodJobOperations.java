package io.rq.template;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

import io.rq.job.Job;
import io.rq.job.JobMethod;
import io.rq.job.JobRequest;

/**
 * Enqueues calls of bean methods named by method references, with zero to six arguments
 * that the compiler checks: for a parameter of type {@code long} pass {@code 42L}. Each
 * method is short for {@link #enqueue(JobRequest) enqueue(JobRequest.of(method, …))}.
 *
 * <p>
 * This interface is complete: a further option of a job is one method of
 * {@link JobRequest}, where here it would be seven.
 */
public interface MethodJobOperations {

	/**
	 * Puts a job on its queue, or schedules it if the request has a due time. The job is
	 * stored whole or not at all.
	 * @param request what to call and how
	 * @return the job as stored
	 * @throws IllegalArgumentException if the method is no job, an argument does not fit
	 * a function known here or a value of the request is malformed
	 * @throws io.rq.serializer.JobSerializationException if an argument or the meta data
	 * cannot be serialized
	 * @throws io.rq.job.DuplicateJobException if the id is to be unique and exists, or
	 * its job is running
	 * @throws io.rq.job.QueueFullException if more jobs wait on the queue than may
	 * @throws io.rq.job.TooFewReplicasException if fewer replicas than demanded have the
	 * job in time; it may be there all the same
	 */
	Job enqueue(JobRequest request);

	/**
	 * Puts a call of a method on its queue.
	 * @param method the method
	 * @param <T> the bean's type
	 * @return the job
	 * @see JobOperations#enqueue(JobRequest)
	 */
	default <T> Job enqueue(JobMethod.Of0<T> method) {
		return enqueue(JobRequest.of(method));
	}

	/**
	 * Puts a call of a method on its queue.
	 * @param method the method
	 * @param a the first argument
	 * @param <T> the bean's type
	 * @param <A> the first argument's type
	 * @return the job
	 * @see JobOperations#enqueue(JobRequest)
	 */
	default <T, A extends @Nullable Object> Job enqueue(JobMethod.Of1<T, A> method, A a) {
		return enqueue(JobRequest.of(method, a));
	}

	/**
	 * Puts a call of a method on its queue.
	 * @param method the method
	 * @param a the first argument
	 * @param b the second argument
	 * @param <T> the bean's type
	 * @param <A> the first argument's type
	 * @param <B> the second argument's type
	 * @return the job
	 * @see JobOperations#enqueue(JobRequest)
	 */
	default <T, A extends @Nullable Object, B extends @Nullable Object> Job enqueue(JobMethod.Of2<T, A, B> method, A a,
			B b) {
		return enqueue(JobRequest.of(method, a, b));
	}

	/**
	 * Puts a call of a method on its queue.
	 * @param method the method
	 * @param a the first argument
	 * @param b the second argument
	 * @param c the third argument
	 * @param <T> the bean's type
	 * @param <A> the first argument's type
	 * @param <B> the second argument's type
	 * @param <C> the third argument's type
	 * @return the job
	 * @see JobOperations#enqueue(JobRequest)
	 */
	default <T, A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object> Job enqueue(
			JobMethod.Of3<T, A, B, C> method, A a, B b, C c) {
		return enqueue(JobRequest.of(method, a, b, c));
	}

	/**
	 * Puts a call of a method on its queue.
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
	 * @return the job
	 * @see JobOperations#enqueue(JobRequest)
	 */
	default <T, A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object, D extends @Nullable Object> Job enqueue(
			JobMethod.Of4<T, A, B, C, D> method, A a, B b, C c, D d) {
		return enqueue(JobRequest.of(method, a, b, c, d));
	}

	/**
	 * Puts a call of a method on its queue.
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
	 * @return the job
	 * @see JobOperations#enqueue(JobRequest)
	 */
	default <T, A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object, D extends @Nullable Object, E extends @Nullable Object> Job enqueue(
			JobMethod.Of5<T, A, B, C, D, E> method, A a, B b, C c, D d, E e) {
		return enqueue(JobRequest.of(method, a, b, c, d, e));
	}

	/**
	 * Puts a call of a method on its queue.
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
	 * @return the job
	 * @see JobOperations#enqueue(JobRequest)
	 */
	default <T, A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object, D extends @Nullable Object, E extends @Nullable Object, F extends @Nullable Object> Job enqueue(
			JobMethod.Of6<T, A, B, C, D, E, F> method, A a, B b, C c, D d, E e, F f) {
		return enqueue(JobRequest.of(method, a, b, c, d, e, f));
	}

	/**
	 * Puts a call of a method on its queue after a delay.
	 * @param delay how long from now, by the clock of Redis; zero or negative for at once
	 * @param method the method
	 * @param <T> the bean's type
	 * @return the job
	 * @see JobOperations#enqueue(JobRequest)
	 */
	default <T> Job enqueueIn(Duration delay, JobMethod.Of0<T> method) {
		return enqueue(JobRequest.of(method).in(delay));
	}

	/**
	 * Puts a call of a method on its queue after a delay.
	 * @param delay how long from now, by the clock of Redis; zero or negative for at once
	 * @param method the method
	 * @param a the first argument
	 * @param <T> the bean's type
	 * @param <A> the first argument's type
	 * @return the job
	 * @see JobOperations#enqueue(JobRequest)
	 */
	default <T, A extends @Nullable Object> Job enqueueIn(Duration delay, JobMethod.Of1<T, A> method, A a) {
		return enqueue(JobRequest.of(method, a).in(delay));
	}

	/**
	 * Puts a call of a method on its queue after a delay.
	 * @param delay how long from now, by the clock of Redis; zero or negative for at once
	 * @param method the method
	 * @param a the first argument
	 * @param b the second argument
	 * @param <T> the bean's type
	 * @param <A> the first argument's type
	 * @param <B> the second argument's type
	 * @return the job
	 * @see JobOperations#enqueue(JobRequest)
	 */
	default <T, A extends @Nullable Object, B extends @Nullable Object> Job enqueueIn(Duration delay,
			JobMethod.Of2<T, A, B> method, A a, B b) {
		return enqueue(JobRequest.of(method, a, b).in(delay));
	}

	/**
	 * Puts a call of a method on its queue after a delay.
	 * @param delay how long from now, by the clock of Redis; zero or negative for at once
	 * @param method the method
	 * @param a the first argument
	 * @param b the second argument
	 * @param c the third argument
	 * @param <T> the bean's type
	 * @param <A> the first argument's type
	 * @param <B> the second argument's type
	 * @param <C> the third argument's type
	 * @return the job
	 * @see JobOperations#enqueue(JobRequest)
	 */
	default <T, A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object> Job enqueueIn(
			Duration delay, JobMethod.Of3<T, A, B, C> method, A a, B b, C c) {
		return enqueue(JobRequest.of(method, a, b, c).in(delay));
	}

	/**
	 * Puts a call of a method on its queue after a delay.
	 * @param delay how long from now, by the clock of Redis; zero or negative for at once
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
	 * @return the job
	 * @see JobOperations#enqueue(JobRequest)
	 */
	default <T, A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object, D extends @Nullable Object> Job enqueueIn(
			Duration delay, JobMethod.Of4<T, A, B, C, D> method, A a, B b, C c, D d) {
		return enqueue(JobRequest.of(method, a, b, c, d).in(delay));
	}

	/**
	 * Puts a call of a method on its queue after a delay.
	 * @param delay how long from now, by the clock of Redis; zero or negative for at once
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
	 * @return the job
	 * @see JobOperations#enqueue(JobRequest)
	 */
	default <T, A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object, D extends @Nullable Object, E extends @Nullable Object> Job enqueueIn(
			Duration delay, JobMethod.Of5<T, A, B, C, D, E> method, A a, B b, C c, D d, E e) {
		return enqueue(JobRequest.of(method, a, b, c, d, e).in(delay));
	}

	/**
	 * Puts a call of a method on its queue after a delay.
	 * @param delay how long from now, by the clock of Redis; zero or negative for at once
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
	 * @return the job
	 * @see JobOperations#enqueue(JobRequest)
	 */
	default <T, A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object, D extends @Nullable Object, E extends @Nullable Object, F extends @Nullable Object> Job enqueueIn(
			Duration delay, JobMethod.Of6<T, A, B, C, D, E, F> method, A a, B b, C c, D d, E e, F f) {
		return enqueue(JobRequest.of(method, a, b, c, d, e, f).in(delay));
	}

	/**
	 * Puts a call of a method on its queue at a moment.
	 * @param time when; a moment that has passed for at once
	 * @param method the method
	 * @param <T> the bean's type
	 * @return the job
	 * @see JobOperations#enqueue(JobRequest)
	 */
	default <T> Job enqueueAt(Instant time, JobMethod.Of0<T> method) {
		return enqueue(JobRequest.of(method).at(time));
	}

	/**
	 * Puts a call of a method on its queue at a moment.
	 * @param time when; a moment that has passed for at once
	 * @param method the method
	 * @param a the first argument
	 * @param <T> the bean's type
	 * @param <A> the first argument's type
	 * @return the job
	 * @see JobOperations#enqueue(JobRequest)
	 */
	default <T, A extends @Nullable Object> Job enqueueAt(Instant time, JobMethod.Of1<T, A> method, A a) {
		return enqueue(JobRequest.of(method, a).at(time));
	}

	/**
	 * Puts a call of a method on its queue at a moment.
	 * @param time when; a moment that has passed for at once
	 * @param method the method
	 * @param a the first argument
	 * @param b the second argument
	 * @param <T> the bean's type
	 * @param <A> the first argument's type
	 * @param <B> the second argument's type
	 * @return the job
	 * @see JobOperations#enqueue(JobRequest)
	 */
	default <T, A extends @Nullable Object, B extends @Nullable Object> Job enqueueAt(Instant time,
			JobMethod.Of2<T, A, B> method, A a, B b) {
		return enqueue(JobRequest.of(method, a, b).at(time));
	}

	/**
	 * Puts a call of a method on its queue at a moment.
	 * @param time when; a moment that has passed for at once
	 * @param method the method
	 * @param a the first argument
	 * @param b the second argument
	 * @param c the third argument
	 * @param <T> the bean's type
	 * @param <A> the first argument's type
	 * @param <B> the second argument's type
	 * @param <C> the third argument's type
	 * @return the job
	 * @see JobOperations#enqueue(JobRequest)
	 */
	default <T, A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object> Job enqueueAt(
			Instant time, JobMethod.Of3<T, A, B, C> method, A a, B b, C c) {
		return enqueue(JobRequest.of(method, a, b, c).at(time));
	}

	/**
	 * Puts a call of a method on its queue at a moment.
	 * @param time when; a moment that has passed for at once
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
	 * @return the job
	 * @see JobOperations#enqueue(JobRequest)
	 */
	default <T, A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object, D extends @Nullable Object> Job enqueueAt(
			Instant time, JobMethod.Of4<T, A, B, C, D> method, A a, B b, C c, D d) {
		return enqueue(JobRequest.of(method, a, b, c, d).at(time));
	}

	/**
	 * Puts a call of a method on its queue at a moment.
	 * @param time when; a moment that has passed for at once
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
	 * @return the job
	 * @see JobOperations#enqueue(JobRequest)
	 */
	default <T, A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object, D extends @Nullable Object, E extends @Nullable Object> Job enqueueAt(
			Instant time, JobMethod.Of5<T, A, B, C, D, E> method, A a, B b, C c, D d, E e) {
		return enqueue(JobRequest.of(method, a, b, c, d, e).at(time));
	}

	/**
	 * Puts a call of a method on its queue at a moment.
	 * @param time when; a moment that has passed for at once
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
	 * @return the job
	 * @see JobOperations#enqueue(JobRequest)
	 */
	default <T, A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object, D extends @Nullable Object, E extends @Nullable Object, F extends @Nullable Object> Job enqueueAt(
			Instant time, JobMethod.Of6<T, A, B, C, D, E, F> method, A a, B b, C c, D d, E e, F f) {
		return enqueue(JobRequest.of(method, a, b, c, d, e, f).at(time));
	}

}
