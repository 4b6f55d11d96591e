package io.rq.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationContextAware;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ContextRefreshedEvent;

/**
 * Hears when the context that it belongs to has been refreshed. Contexts tell their
 * parents too, and children may be made at any time: that of a management port before the
 * parent has started, those of HTTP clients long after.
 */
public abstract class OwnRefreshListener
		implements ApplicationListener<ContextRefreshedEvent>, ApplicationContextAware {

	private @Nullable ApplicationContext own;

	@Override
	public final void setApplicationContext(ApplicationContext context) {
		this.own = context;
	}

	@Override
	public final void onApplicationEvent(ContextRefreshedEvent event) {
		if (event.getApplicationContext() == this.own) {
			refreshed();
		}
	}

	/** The own context has been refreshed. */
	protected abstract void refreshed();

	/**
	 * Returns whether the own context has been closed meanwhile.
	 * @return whether it is closed, or is being closed
	 */
	protected final boolean isClosed() {
		return this.own instanceof ConfigurableApplicationContext closeable && closeable.isClosed();
	}

}
