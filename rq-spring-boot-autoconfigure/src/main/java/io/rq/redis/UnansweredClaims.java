package io.rq.redis;

import java.util.ArrayList;
import java.util.List;

import io.rq.redis.ClaimCall.Lessee;

/**
 * A worker's calls of the claim script that got no reply. What they have taken would lie
 * there until its lease ends, and one that is still on its way would take more: so they
 * are given up, and their jobs wait again at once. Safe for use by many threads.
 */
final class UnansweredClaims {

	/** Longer than any request is on its way. */
	private static final long EPOCH_TTL_SECONDS = 3_600;

	private final RedisScripts scripts;

	private final WorkerLease lease;

	private final List<ClaimCall> calls = new ArrayList<>();

	private long epoch;

	UnansweredClaims(RedisScripts scripts, WorkerLease lease) {
		this.scripts = scripts;
		this.lease = lease;
	}

	/** Returns who claims from now on. */
	synchronized Lessee lessee() {
		return new Lessee(this.lease.worker(), this.lease.seconds(), this.epoch);
	}

	/** Takes note of a call that got no reply. */
	synchronized void add(ClaimCall call) {
		this.calls.add(call);
	}

	/** Takes note that calls of an earlier process of this name were given up. */
	synchronized void overtaken(long newer) {
		this.epoch = Math.max(this.epoch, newer);
	}

	/**
	 * Gives up all calls so far. Whoever asks meanwhile does not wait for the reply to
	 * this: calls may be given up twice.
	 * @param queues the queues of a call: where they lie apart, calls for others are left
	 * alone
	 * @return the number of jobs that wait again
	 */
	long settle(List<String> queues) {
		List<ClaimCall> known = calls(queues);
		if (known.isEmpty()) {
			return 0;
		}
		List<?> reply = this.scripts.run(Script.DISOWN, disown(queues, known));
		settled(known, Replies.number(reply.get(0)));
		return Replies.number(reply.get(1));
	}

	private ScriptArguments disown(List<String> queues, List<ClaimCall> known) {
		QueueKeys keys = this.scripts.keys(queues.get(0));
		String worker = this.lease.worker();
		ScriptArguments arguments = ScriptArguments.keys(keys.claimEpoch(worker), keys.workerClaim(worker))
			.add(lessee().epoch())
			.add(EPOCH_TTL_SECONDS);
		known.forEach((call) -> arguments.add(call.base()));
		return arguments;
	}

	private synchronized List<ClaimCall> calls(List<String> queues) {
		return this.scripts.layout().tagged()
				? this.calls.stream().filter((call) -> call.queues().equals(queues)).toList() : List.copyOf(this.calls);
	}

	private synchronized void settled(List<ClaimCall> known, long newer) {
		this.calls.removeAll(known);
		overtaken(newer);
	}

}
