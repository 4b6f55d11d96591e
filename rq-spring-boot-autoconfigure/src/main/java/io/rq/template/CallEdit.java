package io.rq.template;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

import io.rq.job.Call;
import io.rq.job.JobDefinition;
import io.rq.job.JobDefinitions;
import io.rq.redis.JobChanges.ChangedCall;
import io.rq.serializer.JobSerializer;
import io.rq.serializer.SerializedCall;

/**
 * Makes another call of a stored one: the same function, in the same format, with other
 * arguments, which are checked as those of a new job.
 */
final class CallEdit {

	private final JobSerializer serializer;

	private final JobDefinitions definitions;

	private final ArgumentCheck argumentCheck;

	private final long maxPayload;

	CallEdit(JobSerializer serializer, JobDefinitions definitions, ArgumentCheck argumentCheck, long maxPayload) {
		this.serializer = serializer;
		this.definitions = definitions;
		this.argumentCheck = argumentCheck;
		this.maxPayload = maxPayload;
	}

	/**
	 * Returns the other call. The text for people follows unless somebody chose it.
	 * @param undone what was not done if it cannot be, with the reason behind it
	 */
	ChangedCall apply(byte[] data, String description, UnaryOperator<Call> change, String undone) {
		SerializedCall old = this.serializer.readCall(data).exact();
		String function = old.function();
		Call call = change.apply(new Call(function, null, old.args(), old.kwargs(), Map.of()));
		Assert.isTrue(call.method() == null && Objects.equals(call.function(), function),
				() -> undone + ": it calls '" + function + "', and only its arguments can be changed. "
						+ "Enqueue another job to call something else");
		byte[] changed = write(function, call, this.serializer.answering(data), undone);
		Assert.isTrue(changed.length <= this.maxPayload, () -> undone + ": its arguments would have more than the "
				+ this.maxPayload + " bytes that 'rq.job.max-payload-size' allows");
		boolean chosen = !description.startsWith(function + "(") || !description.endsWith(")");
		return new ChangedCall(changed,
				(chosen && !description.isEmpty()) ? "" : CallDescription.of(function, call.args(), call.kwargs()));
	}

	private byte[] write(String function, Call call, JobSerializer format, String undone) {
		JobDefinition definition = this.definitions.find(function);
		byte[] data = format.writeCall(function, (definition != null) ? definition.parameters() : List.of(),
				call.args(), call.kwargs());
		if (definition != null) {
			this.argumentCheck.checkEdited(definition, call, data, undone);
		}
		return data;
	}

	/** Replaces all arguments. */
	static UnaryOperator<Call> to(@Nullable Object... args) {
		return (call) -> Call.of(Objects.requireNonNull(call.function()), args);
	}

}
