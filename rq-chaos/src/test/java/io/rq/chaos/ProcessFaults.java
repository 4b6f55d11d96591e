package io.rq.chaos;

import java.time.Duration;
import java.util.List;
import java.util.Random;

import org.springframework.util.Assert;

import io.rq.chaos.Fleet.Member;
import io.rq.chaos.Fleet.Role;
import io.rq.chaos.Stage.Leader;

/**
 * What happens to workers and schedulers.
 */
final class ProcessFaults {

	/** What the jobs of a dead worker may take beyond its lease. */
	private static final Duration RETURN = Stage.LEASE.plusSeconds(5);

	private static final Duration SUCCESSION = Stage.LOCK_LEASE.plusSeconds(1);

	private static final Duration AT_ONCE = Duration.ofSeconds(1);

	/** How often a job is put back that kills its worker. */
	private static final int RECLAIMS = 1;

	private ProcessFaults() {
	}

	static List<Fault.Kind> all() {
		return List.of((random, form) -> workerKilled(random.nextInt(form.workers())),
				(random, form) -> workerFrozen(random.nextInt(form.workers()), 1 + random.nextInt(form.longest())),
				(random, form) -> leaderKilled(), (random, form) -> leaderFrozen(), (random, form) -> leaderStopped(),
				(random, form) -> producerKilled(random.nextInt(form.producers())),
				(random, form) -> poison(Long.toHexString(random.nextLong())), ProcessFaults::rollingRestart);
	}

	/** Those that come on top of what a Redis of several servers does. */
	static List<Fault.Kind> deaths() {
		return List.of((random, form) -> workerKilled(random.nextInt(form.workers())), (random, form) -> leaderKilled(),
				(random, form) -> producerKilled(random.nextInt(form.producers())));
	}

	private static Fault workerKilled(int index) {
		return new Fault("worker killed", "number " + index, (stage) -> {
			Member victim = stage.fleet().members(Role.WORKER).get(index);
			stage.awaitBusy(victim);
			long at = System.currentTimeMillis();
			victim.process().signal("KILL");
			victim.process().awaitEnd();
			long dead = System.currentTimeMillis();
			Duration recovery = stage.awaitReturn(victim, dead);
			stage.fleet().replace(victim);
			return Strike.at(victim, at, dead, recovery, RETURN);
		});
	}

	private static Fault workerFrozen(int index, int seconds) {
		return new Fault("worker frozen for longer than its lease", "number " + index + " for " + seconds + " s more",
				(stage) -> {
					Member victim = stage.fleet().members(Role.WORKER).get(index);
					stage.awaitBusy(victim);
					long at = System.currentTimeMillis();
					victim.process().signal("STOP");
					Duration recovery = stage.awaitReturn(victim, at);
					Stage.pause(Stage.LEASE.plusSeconds(seconds).minus((recovery != null) ? recovery : Duration.ZERO));
					thaw(victim);
					return Strike.at(victim, at, System.currentTimeMillis(), recovery, RETURN);
				});
	}

	private static void thaw(Member frozen) {
		Assert.state(frozen.process().isFrozen(),
				() -> frozen.name() + " went on before it was to: a process group with "
						+ "a stopped process is continued when its shell ends (start the build with setsid)");
		frozen.process().signal("CONT");
	}

	private static Fault leaderKilled() {
		return new Fault("leader killed", "", (stage) -> {
			Leader leading = stage.leading();
			Member leader = leading.process();
			long at = System.currentTimeMillis();
			leader.process().signal("KILL");
			leader.process().awaitEnd();
			long dead = System.currentTimeMillis();
			Duration recovery = stage.awaitOtherThan(leading.name());
			stage.fleet().replace(leader);
			return Strike.at(leader, at, dead, recovery, SUCCESSION);
		});
	}

	private static Fault leaderFrozen() {
		return new Fault("leader frozen", "", (stage) -> {
			Leader leading = stage.leading();
			Member leader = leading.process();
			long at = System.currentTimeMillis();
			leader.process().signal("STOP");
			Duration recovery = stage.awaitOtherThan(leading.name());
			thaw(leader);
			return Strike.at(leader, at, System.currentTimeMillis(), recovery, SUCCESSION);
		});
	}

	/** It goes in an orderly way: the other one need not wait for anything. */
	private static Fault leaderStopped() {
		return new Fault("leader stopped", "", (stage) -> {
			Leader leading = stage.leading();
			Member leader = leading.process();
			leader.process().signal("TERM");
			leader.process().awaitEnd();
			Duration recovery = stage.awaitOtherThan(leading.name());
			stage.fleet().replace(leader);
			return Strike.harmless(recovery, AT_ONCE);
		});
	}

	/**
	 * What it has committed and not delivered is left to the others. No other fault
	 * strikes while there is a producer less: workers show by jobs that they are at work.
	 */
	private static Fault producerKilled(int index) {
		return new Fault("producer killed", "number " + index, (stage) -> {
			Member victim = stage.fleet().members(Role.PRODUCER).get(index);
			victim.process().signal("KILL");
			victim.process().awaitEnd();
			stage.awaitEnqueuing(stage.fleet().replace(victim));
			return Strike.harmless();
		});
	}

	/** A job that kills each worker that runs it, as long as it is put back. */
	private static Fault poison(String id) {
		return new Fault("job that kills its workers", "", (stage) -> {
			Member taster = stage.fleet()
				.start("taster", Role.TASTER, List.of("--poison.id=" + id, "--rq.worker.max-reclaims=" + RECLAIMS));
			for (int death = 0; death <= RECLAIMS; death++) {
				taster.process().awaitEnd();
				taster = stage.fleet().replace(taster);
			}
			boolean failed = Stage.comes(() -> "failed".equals(stage.status(ChaosJobs.POISON, id)));
			stage.fleet().remove(taster);
			if (!failed) {
				throw new AssertionError("The job that kills its workers has not failed");
			}
			return new Strike((run) -> run.jobId().equals(id), null, null);
		});
	}

	private static Fault rollingRestart(Random random, Form form) {
		return new Fault("rolling restart", "", (stage) -> {
			for (Member old : stage.fleet().members(Role.WORKER)) {
				old.process().signal("TERM");
				old.process().awaitEnd();
				stage.fleet().replace(old);
				stage.awaitAllAtWork();
			}
			return Strike.harmless();
		});
	}

}
