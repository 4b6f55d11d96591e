package io.rq.job;

import java.io.Serializable;

/**
 * A reference to a bean method that runs as a job, such as {@code MailJobs::sendWelcome}.
 * It names the method and is never called where it is enqueued; the types of its
 * arguments are checked by the compiler. The method may return a value or not.
 *
 * <p>
 * The reference names the class, not an instance: {@code mailJobs::sendWelcome} with a
 * variable before the colons and lambda expressions are refused, because there is no
 * instance and no code to send. The worker asks its own application for the bean. For a
 * parameter that the worker supplies, such as a {@code JobContext}, pass {@code null},
 * for which {@code JobContext.SUPPLIED} is another name.
 */
public sealed interface JobMethod extends Serializable {

	/**
	 * A method without arguments.
	 *
	 * @param <T> the bean's type
	 */
	@FunctionalInterface
	non-sealed interface Of0<T> extends JobMethod {

		/**
		 * Stands for the method.
		 * @param bean the bean
		 * @throws Exception whatever the method throws
		 */
		void call(T bean) throws Exception;

	}

	/**
	 * A method with one argument.
	 *
	 * @param <T> the bean's type
	 * @param <A> the first argument's type
	 */
	@FunctionalInterface
	non-sealed interface Of1<T, A> extends JobMethod {

		/**
		 * Stands for the method.
		 * @param bean the bean
		 * @param a the first argument
		 * @throws Exception whatever the method throws
		 */
		void call(T bean, A a) throws Exception;

	}

	/**
	 * A method with two arguments.
	 *
	 * @param <T> the bean's type
	 * @param <A> the first argument's type
	 * @param <B> the second argument's type
	 */
	@FunctionalInterface
	non-sealed interface Of2<T, A, B> extends JobMethod {

		/**
		 * Stands for the method.
		 * @param bean the bean
		 * @param a the first argument
		 * @param b the second argument
		 * @throws Exception whatever the method throws
		 */
		void call(T bean, A a, B b) throws Exception;

	}

	/**
	 * A method with three arguments.
	 *
	 * @param <T> the bean's type
	 * @param <A> the first argument's type
	 * @param <B> the second argument's type
	 * @param <C> the third argument's type
	 */
	@FunctionalInterface
	non-sealed interface Of3<T, A, B, C> extends JobMethod {

		/**
		 * Stands for the method.
		 * @param bean the bean
		 * @param a the first argument
		 * @param b the second argument
		 * @param c the third argument
		 * @throws Exception whatever the method throws
		 */
		void call(T bean, A a, B b, C c) throws Exception;

	}

	/**
	 * A method with four arguments.
	 *
	 * @param <T> the bean's type
	 * @param <A> the first argument's type
	 * @param <B> the second argument's type
	 * @param <C> the third argument's type
	 * @param <D> the fourth argument's type
	 */
	@FunctionalInterface
	non-sealed interface Of4<T, A, B, C, D> extends JobMethod {

		/**
		 * Stands for the method.
		 * @param bean the bean
		 * @param a the first argument
		 * @param b the second argument
		 * @param c the third argument
		 * @param d the fourth argument
		 * @throws Exception whatever the method throws
		 */
		void call(T bean, A a, B b, C c, D d) throws Exception;

	}

	/**
	 * A method with five arguments.
	 *
	 * @param <T> the bean's type
	 * @param <A> the first argument's type
	 * @param <B> the second argument's type
	 * @param <C> the third argument's type
	 * @param <D> the fourth argument's type
	 * @param <E> the fifth argument's type
	 */
	@FunctionalInterface
	non-sealed interface Of5<T, A, B, C, D, E> extends JobMethod {

		/**
		 * Stands for the method.
		 * @param bean the bean
		 * @param a the first argument
		 * @param b the second argument
		 * @param c the third argument
		 * @param d the fourth argument
		 * @param e the fifth argument
		 * @throws Exception whatever the method throws
		 */
		void call(T bean, A a, B b, C c, D d, E e) throws Exception;

	}

	/**
	 * A method with six arguments.
	 *
	 * @param <T> the bean's type
	 * @param <A> the first argument's type
	 * @param <B> the second argument's type
	 * @param <C> the third argument's type
	 * @param <D> the fourth argument's type
	 * @param <E> the fifth argument's type
	 * @param <F> the sixth argument's type
	 */
	@FunctionalInterface
	non-sealed interface Of6<T, A, B, C, D, E, F> extends JobMethod {

		/**
		 * Stands for the method.
		 * @param bean the bean
		 * @param a the first argument
		 * @param b the second argument
		 * @param c the third argument
		 * @param d the fourth argument
		 * @param e the fifth argument
		 * @param f the sixth argument
		 * @throws Exception whatever the method throws
		 */
		void call(T bean, A a, B b, C c, D d, E e, F f) throws Exception;

	}

}
