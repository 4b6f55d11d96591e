package io.rq.redis;

import java.time.Clock;
import java.util.List;

import io.rq.log.SafeLog;

/**
 * The second step of a move to a queue that may lie on another node: brings a job there
 * that has left its queue. Two who do it at once, or one who does it again, bring it
 * once.
 */
final class MoveCompletion {

	private static final SafeLog log = SafeLog.of(MoveCompletion.class);

	private final RedisScripts scripts;

	private final Clock clock;

	MoveCompletion(RedisScripts scripts, Clock clock) {
		this.scripts = scripts;
		this.clock = clock;
	}

	/**
	 * Brings a job to its new queue. One that finds a namesake there, which came after it
	 * had left, goes on waiting until that is gone.
	 * @param from the old queue
	 * @param to the new queue
	 * @param id the job's id
	 * @param score its score in the registry where it was, or {@code -}
	 * @param move the nonce of its move
	 * @return whether it is there
	 */
	boolean complete(String from, String to, String id, String score, String move) {
		QueueKeys keys = this.scripts.keys(from);
		List<byte[]> job = this.scripts.run(Script.MOVING, ScriptArguments.keys(keys.moving(move)).add(id).add(move))
			.stream()
			.map((value) -> (byte[]) value)
			.toList();
		if (isGone(job)) {
			return true;
		}
		List<?> reply = this.scripts.run(Script.MOVE_IN,
				ScriptArguments.keys(this.scripts.keys(to).queue())
					.add(id)
					.add(to)
					.add(Timestamps.text(this.clock.instant()))
					.add(move)
					.add(score)
					.addAll(job));
		if (Replies.number(reply.get(0)) == 0) {
			log.warn("Job {} waits to be moved to queue {}, which has another job of that id; delete that one", id, to);
			return false;
		}
		this.scripts.with(keys.moving(move),
				(connection) -> connection.keyCommands()
					.unlink(ScriptArguments.bytes(keys.moving(move)), ScriptArguments.bytes(keys.movingResults(move)),
							ScriptArguments.bytes(keys.movingAttempts(move))));
		return true;
	}

	/** It has expired on its way, or somebody else has brought it. */
	private static boolean isGone(List<byte[]> job) {
		return Replies.text(job.get(0)).equals("-2");
	}

}
