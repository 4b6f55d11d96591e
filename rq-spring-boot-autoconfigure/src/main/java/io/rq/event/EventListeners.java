package io.rq.event;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.event.GenericApplicationListener;
import org.springframework.context.event.GenericApplicationListenerAdapter;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.core.ResolvableType;

/**
 * Tells whether anybody in the application listens to a type of event. Listeners of all
 * events of whatever kind do not count, since each application has some of those.
 */
final class EventListeners {

	private static final ResolvableType ANY = payload(Anything.class);

	private final ApplicationContext context;

	private final Map<Class<?>, Boolean> known = new ConcurrentHashMap<>();

	EventListeners(ApplicationContext context) {
		this.context = context;
	}

	/** The answer stays, so it is not to be asked before all listeners are there. */
	boolean exist(Class<? extends RqEvent> type) {
		return this.known.computeIfAbsent(type, (asked) -> exist(payload(asked)));
	}

	private boolean exist(ResolvableType event) {
		@Nullable ApplicationContext current = this.context;
		while (current != null) {
			if (current instanceof AbstractApplicationContext own
					&& own.getApplicationListeners().stream().anyMatch((listener) -> hears(listener, event))) {
				return true;
			}
			current = current.getParent();
		}
		return false;
	}

	private static boolean hears(ApplicationListener<?> listener, ResolvableType event) {
		GenericApplicationListener asked = (listener instanceof GenericApplicationListener generic) ? generic
				: new GenericApplicationListenerAdapter(listener);
		return asked.supportsEventType(event) && !asked.supportsEventType(ANY);
	}

	private static ResolvableType payload(Class<?> type) {
		return ResolvableType.forClassWithGenerics(PayloadApplicationEvent.class, type);
	}

	/** Nobody listens to this in particular. */
	private static final class Anything {

	}

}
