package io.rq.operations;

import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

import org.jspecify.annotations.Nullable;

import io.rq.log.SafeLog;
import io.rq.operations.AuditEntry.Outcome;
import io.rq.operations.AuditTrail.Attempt;

/**
 * What every operation passes: may its operator do it, and what came of it.
 */
class Guard {

	private static final SafeLog log = SafeLog.of(Guard.class);

	private final OperatorAuthorization authorization;

	private final AuditTrail trail;

	Guard(OperatorAuthorization authorization, AuditTrail trail) {
		this.authorization = authorization;
		this.trail = trail;
	}

	AuditTrail trail() {
		return this.trail;
	}

	/** Reads: refused reading is on record, reading is not. */
	<T extends @Nullable Object> T read(Operator operator, @Nullable String queue, Supplier<T> read) {
		require(new Attempt(operator, Operation.READ, queue, List.of()));
		return read.get();
	}

	/** Begins something that is allowed and goes on. */
	void begin(Attempt attempt, @Nullable String detail, Runnable begin) {
		try {
			begin.run();
		}
		catch (Throwable ex) {
			this.trail.add(attempt, Outcome.FAILED, 0, ex.toString());
			throw ex;
		}
		if (detail != null) {
			this.trail.add(attempt, Outcome.STARTED, 0, detail);
		}
	}

	/** Changes something and tells, by the answer, of how many things. */
	<T> T change(Attempt attempt, Supplier<T> change, ToLongFunction<T> count) {
		return change(attempt, null, change, count);
	}

	<T> T change(Attempt attempt, @Nullable String detail, Supplier<T> change, ToLongFunction<T> count) {
		require(attempt);
		T answer;
		try {
			answer = change.get();
		}
		catch (Throwable ex) {
			this.trail.add(attempt, Outcome.FAILED, 0, ex.toString());
			throw ex;
		}
		long changed = count.applyAsLong(answer);
		this.trail.add(attempt, (changed > 0) ? Outcome.DONE : Outcome.NOTHING, changed, detail);
		return answer;
	}

	/** Refuses what the operator may not do, and puts that on record. */
	void require(Attempt attempt) {
		if (!isAllowed(attempt)) {
			this.trail.add(attempt, Outcome.DENIED, 0, null);
			throw new OperationDeniedException(attempt.operator(), attempt.operation(), attempt.queue());
		}
	}

	boolean isAllowed(Attempt attempt) {
		try {
			return this.authorization.isAllowed(attempt.operator(), attempt.operation(), attempt.queue());
		}
		catch (RuntimeException ex) {
			log.error("Nobody can tell whether '{}' may {}: refused", attempt.operator().name(),
					attempt.operation().value(), ex);
			return false;
		}
	}

}
