package io.rq.worker;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * The threads jobs run on, as many as there are permits.
 */
interface RunThreads extends AutoCloseable {

	void execute(Runnable run);

	/** A thread will never come back: make up for it. */
	void replaceLost();

	/** The thread given up has come back after all. */
	void returned();

	/** Lets idle threads go; running ones are not waited for. */
	@Override
	void close();

	static RunThreads platform(String prefix, int count) {
		return new PlatformThreads(prefix, count);
	}

	static RunThreads virtual(String prefix) {
		return new VirtualThreads(prefix);
	}

	/**
	 * A pool of platform threads.
	 */
	final class PlatformThreads implements RunThreads {

		private static final long KEEP_ALIVE_SECONDS = 60;

		private final ThreadPoolExecutor pool;

		private PlatformThreads(String prefix, int count) {
			this.pool = new ThreadPoolExecutor(count, count, KEEP_ALIVE_SECONDS, TimeUnit.SECONDS,
					new LinkedBlockingQueue<>(), new CustomizableThreadFactory(prefix));
			this.pool.allowCoreThreadTimeOut(true);
		}

		@Override
		public void execute(Runnable run) {
			this.pool.execute(run);
		}

		@Override
		public void replaceLost() {
			resize(1);
		}

		@Override
		public void returned() {
			resize(-1);
		}

		private synchronized void resize(int change) {
			int size = this.pool.getCorePoolSize() + change;
			if (change > 0) {
				this.pool.setMaximumPoolSize(size);
				this.pool.setCorePoolSize(size);
			}
			else {
				this.pool.setCorePoolSize(size);
				this.pool.setMaximumPoolSize(size);
			}
		}

		@Override
		public void close() {
			this.pool.shutdown();
		}

	}

	/**
	 * A virtual thread per job.
	 */
	final class VirtualThreads implements RunThreads {

		private final SimpleAsyncTaskExecutor executor;

		private VirtualThreads(String prefix) {
			this.executor = new SimpleAsyncTaskExecutor(prefix);
			this.executor.setVirtualThreads(true);
		}

		@Override
		public void execute(Runnable run) {
			this.executor.execute(run);
		}

		@Override
		public void replaceLost() {
		}

		@Override
		public void returned() {
		}

		@Override
		public void close() {
			this.executor.close();
		}

	}

}
