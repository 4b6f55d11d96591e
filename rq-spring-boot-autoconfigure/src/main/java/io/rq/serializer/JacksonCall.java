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

	private final boolean exact;

	JacksonCall(CallParser parser, byte[] data, String function, Layout layout) {
		this(parser, data, function, layout, false);
	}

	private JacksonCall(CallParser parser, byte[] data, String function, Layout layout, boolean exact) {
		this.parser = parser;
		this.data = data;
		this.function = function;
		this.layout = layout;
		this.exact = exact;
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
		return (List<@Nullable Object>) plain(this.layout.argsOffset, List.class);
	}

	@Override
	public Map<String, @Nullable Object> kwargs() {
		return (Map<String, @Nullable Object>) plain(this.layout.kwargsOffset, Map.class);
	}

	private Object plain(int offset, Class<?> type) {
		return this.exact ? this.parser.exact(this.data, offset, type) : this.parser.plain(this.data, offset, type);
	}

	@Override
	public SerializedCall exact() {
		return new JacksonCall(this.parser, this.data, this.function, this.layout, true);
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
