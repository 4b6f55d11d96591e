package io.rq.actuate.endpoint;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.Sanitizer;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;

import io.rq.operations.JobDetails;
import io.rq.operations.JobList;

/**
 * Decides who sees arguments, meta data and results, and what the application's
 * {@link SanitizingFunction} beans leave of them.
 */
public class Values {

	private final Show show;

	private final Collection<String> roles;

	private final Sanitizer sanitizer;

	/** Descriptions have arguments in them, of which nobody can tell the names. */
	private final boolean sanitizing;

	/**
	 * Creates the decision.
	 * @param show to whom values are shown
	 * @param roles the roles of which one is needed where that matters; none for everyone
	 * who is authenticated
	 * @param functions what sanitizes values
	 */
	public Values(Show show, Collection<String> roles, Iterable<SanitizingFunction> functions) {
		this.show = show;
		this.roles = roles;
		this.sanitizer = new Sanitizer(functions);
		this.sanitizing = functions.iterator().hasNext();
	}

	/** Whether descriptions may be seen, arguments included. */
	boolean areShownTo(SecurityContext security) {
		return this.show.isShown(security, this.roles) && !this.sanitizing;
	}

	JobList of(JobList list, SecurityContext security) {
		return areShownTo(security) ? list : list.withoutValues();
	}

	JobDetails of(JobDetails details, SecurityContext security) {
		JobDetails.Values values = details.values();
		if (values == null || !this.show.isShown(security, this.roles)) {
			return details.withoutValues();
		}
		List<@Nullable Object> arguments = new ArrayList<>();
		for (int i = 0; i < values.arguments().size(); i++) {
			arguments.add(sanitize("arguments[" + i + "]", values.arguments().get(i)));
		}
		return (this.sanitizing ? details.withoutValues() : details).withValues(new JobDetails.Values(arguments,
				sanitize(values.namedArguments()), sanitize(values.meta()), sanitize("result", values.result())));
	}

	private Map<String, @Nullable Object> sanitize(Map<String, @Nullable Object> values) {
		Map<String, @Nullable Object> sanitized = new LinkedHashMap<>();
		values.forEach((name, value) -> sanitized.put(name, sanitize(name, value)));
		return sanitized;
	}

	/** What is left of a value as a whole is looked at part by part. */
	private @Nullable Object sanitize(String name, @Nullable Object value) {
		Object left = this.sanitizer.sanitize(new SanitizableData(null, name, value), true);
		if (left instanceof Map<?, ?> map) {
			Map<Object, @Nullable Object> parts = new LinkedHashMap<>();
			map.forEach((key, part) -> parts.put(key, sanitize(name + "." + key, part)));
			return parts;
		}
		if (left instanceof List<?> list) {
			List<@Nullable Object> parts = new ArrayList<>();
			list.forEach((part) -> parts.add(sanitize(name + "[" + parts.size() + "]", part)));
			return parts;
		}
		return left;
	}

}
