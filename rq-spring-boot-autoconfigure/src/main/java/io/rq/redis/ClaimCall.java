package io.rq.redis;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import io.rq.job.InvalidJobException;
import io.rq.job.Job;
import io.rq.job.JobStatus;
import io.rq.redis.Claims.Claim;
import io.rq.redis.Claims.Dropped;

/**
 * One call of the claim script: what it is asked and what its reply means.
 */
final class ClaimCall {

	private static final int BASE_DIGITS = 24;

	private static final long REST = 16L * 1024 * 1024;

	private static final String MALFORMED = "The job's id is malformed: RQ reads only letters, digits, '_' and '-'";

	private static final String MALFORMED_ENTRY = ResultEntry.encodeException(MALFORMED);

	private static final long UNFIT_TTL_SECONDS = Duration.ofDays(365).toSeconds();

	private final ScriptArguments arguments;

	private final List<String> queues;

	/** What the execution ids of this call begin with. */
	private final String base = UUID.randomUUID().toString().replace("-", "").substring(0, BASE_DIGITS);

	/**
	 * Prepares a call.
	 * @param now the time to note as the start, or {@code null} for Redis' own time of
	 * the call
	 */
	ClaimCall(KeyLayout layout, Lessee lessee, List<String> queues, int max, boolean inTurn, @Nullable Instant now,
			Largest largest) {
		this.queues = queues;
		String worker = lessee.worker();
		QueueKeys first = layout.of(queues.get(0));
		this.arguments = ScriptArguments.keys(first.suspended(), first.claimEpoch(worker), first.pausedQueues());
		for (String queue : queues) {
			QueueKeys keys = layout.of(queue);
			this.arguments.key(keys.queue()).key(keys.taken(worker));
		}
		add(lessee, max, inTurn, now, true, largest);
	}

	/**
	 * Prepares a call for jobs that are on no queue, which cannot be given up.
	 * @param taker for whom they were taken or stored
	 */
	ClaimCall(KeyLayout layout, Lessee lessee, String queue, String taker, int max, Instant now, Largest largest) {
		this.queues = List.of(queue);
		QueueKeys keys = layout.of(queue);
		this.arguments = ScriptArguments.keys(keys.suspended(), keys.claimEpoch(lessee.worker()), keys.pausedQueues(),
				keys.taken(taker), keys.taken(taker));
		add(lessee, max, false, now, false, largest);
	}

	private void add(Lessee lessee, int max, boolean inTurn, @Nullable Instant now, boolean noted, Largest largest) {
		this.arguments.add(max)
			.add(inTurn ? "1" : "0")
			.add(lessee.leaseSeconds())
			.add(lessee.worker())
			.add((now != null) ? Timestamps.text(now) : "")
			.add(this.base)
			.add(MALFORMED_ENTRY)
			.add(UNFIT_TTL_SECONDS)
			.add(lessee.epoch())
			.add(noted ? "1" : "0")
			.add(largest.bytes())
			.add(largest.entry());
	}

	ScriptArguments arguments() {
		return this.arguments;
	}

	/** Returns the queues it takes from. */
	List<String> queues() {
		return this.queues;
	}

	/** Returns what the execution ids of this call begin with. */
	String base() {
		return this.base;
	}

	/**
	 * Returns the epoch that the call should have had, or 0 if it had the right one.
	 */
	static long newerEpoch(List<?> reply) {
		return (reply.size() == 1) ? Long.parseLong(Replies.text(reply.get(0))) : 0;
	}

	/**
	 * Returns what was claimed.
	 * @throws ScriptRefusedException if that is nothing, because a key holds a value of
	 * another type
	 */
	Claims read(List<?> reply, long maxPayload) {
		if (reply.isEmpty()) {
			return new Claims(true, List.of(), List.of(), List.of());
		}
		List<?> jobs = Replies.list(reply, 0);
		List<Claim> claims = new ArrayList<>(jobs.size());
		for (int i = 0; i < jobs.size(); i++) {
			List<?> job = (List<?>) jobs.get(i);
			if (!job.isEmpty()) {
				claims.add(claim(job, this.base + HexFormat.of().toHexDigits(i + 1), maxPayload));
			}
		}
		List<Dropped> dropped = dropped(Replies.list(reply, 1));
		RefusedKeys refused = RefusedKeys.of(Script.CLAIM, Replies.list(reply, 2));
		if (claims.isEmpty() && dropped.isEmpty()) {
			refused.raise();
		}
		refused.tell("jobs stay on their queues");
		List<?> paused = Replies.list(reply, 3);
		return new Claims(false, claims, dropped,
				paused.isEmpty() ? List.of() : paused.stream().map(Replies::text).toList());
	}

	private static Claim claim(List<?> reply, String execution, long maxPayload) {
		int fields = reply.size() - 2;
		String queue = Replies.text(reply.get(fields));
		String id = Replies.text(reply.get(fields + 1));
		Map<String, byte[]> hash = JobHashReader.fields(reply.subList(0, fields));
		Execution lease = new Execution(id, queue, execution, JobHashReader.isLinked(hash),
				JobHashReader.enqueuedAt(hash));
		try {
			if (!Job.isValidId(id)) {
				throw new InvalidJobException(MALFORMED);
			}
			Job job = JobHashReader.read(id, hash, maxPayload);
			return new Claim(lease,
					new Job(id, queue, JobStatus.STARTED, job.options(), job.times(), job.run(), job.payload()), null);
		}
		catch (InvalidJobException ex) {
			return new Claim(lease, null, ex);
		}
		catch (RuntimeException ex) {
			return new Claim(lease, null, new InvalidJobException("The job's record cannot be read: " + ex, ex));
		}
	}

	/**
	 * Who claims.
	 *
	 * @param worker the worker's name
	 * @param leaseSeconds how long the leases last without a beat
	 * @param epoch of the worker's calls
	 */
	record Lessee(String worker, long leaseSeconds, long epoch) {

	}

	/**
	 * What a job may have in all, so that one which would fill the heap fails by itself.
	 *
	 * @param bytes how many bytes
	 * @param entry the encoded reason of the failure of a job that has more
	 */
	record Largest(long bytes, String entry) {

		/**
		 * Two times the call, which may be stored as it is, and something for the rest.
		 */
		static Largest of(long maxPayload) {
			long bytes = 2 * maxPayload + REST;
			return new Largest(bytes, ResultEntry.encodeException("The job's record has more than " + bytes
					+ " bytes: twice 'rq.job.max-payload-size' and 16 MB. Make the job smaller, or set that to more"));
		}

	}

	private static List<Dropped> dropped(List<?> reply) {
		List<Dropped> dropped = new ArrayList<>();
		for (int i = 0; i < reply.size(); i += 2) {
			dropped.add(new Dropped(Replies.text(reply.get(i)), Replies.text(reply.get(i + 1))));
		}
		return dropped;
	}

}
