package io.rq.sample.tenant;

import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * The tenant for whom the current thread works.
 */
@Component
public class CurrentTenant {

	/** The header of requests, of which it is the value. */
	public static final String HEADER = "X-Tenant";

	private final ThreadLocal<@Nullable String> name = new ThreadLocal<>();

	/**
	 * Returns the tenant.
	 * @return its name, or {@code null} for none
	 */
	public @Nullable String name() {
		return this.name.get();
	}

	/**
	 * Sets the tenant from now on, until the caller sets another.
	 * @param tenant its name, or {@code null} for none
	 */
	public void set(@Nullable String tenant) {
		if (tenant != null) {
			this.name.set(tenant);
		}
		else {
			this.name.remove();
		}
	}

}
