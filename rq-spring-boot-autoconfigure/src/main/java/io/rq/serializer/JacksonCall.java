package io.rq.serializer;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.rq.job.JobParameter;

/**
 * A call whose tuple has been checked and whose arguments are still bytes.
 */
@SuppressWarnings("unchecked")
final class JacksonCall implements SerializedCall {

	private final CallParser parser;

	private final byte[] data;

	private final String function;

	private final Layout layout;

	JacksonCall(CallParser parser, byte[] data, String function, Layout layout) {
		this.parser = parser;
		this.data = data;
		this.function = function;
		this.layout = layout;
	}

	@Override
	public String function() {
		return this.function;
	}

	@Override
	public @Nullable Object[] bind(List<JobParameter> parameters) {
		return new CallBinder(this.parser, this.function, parameters).bind(this.data, this.layout);
	}

	@Override
	public List<@Nullable Object> args() {
		return (List<@Nullable Object>) this.parser.plain(this.data, this.layout.argsOffset, List.class);
	}

	@Override
	public Map<String, @Nullable Object> kwargs() {
		return (Map<String, @Nullable Object>) this.parser.plain(this.data, this.layout.kwargsOffset, Map.class);
	}

	@Override
	public String toString() {
		return this.function + "(" + this.layout.argsCount + " positional" + (this.layout.kwargs ? " and named" : "")
				+ " arguments)";
	}

	/**
	 * Where the arguments are in the bytes.
	 *
	 * @param argsOffset where the array of positional arguments begins
	 * @param argsCount how many there are
	 * @param kwargsOffset where the object of named arguments begins
	 * @param kwargs whether there are any
	 */
	record Layout(int argsOffset, int argsCount, int kwargsOffset, boolean kwargs) {

	}

}
