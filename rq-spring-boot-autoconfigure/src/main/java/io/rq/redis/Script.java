package io.rq.redis;

import java.util.Locale;

/**
 * The scripts, each named as its file.
 */
enum Script {

	ABANDON, ATTACH, AWAITED, BEAT, BULK_CANCEL, BULK_START, BULK_STEP, CANCEL, CENSUS, CHORES, CLAIM, COMPACT,
	CRON_BEAT, CRON_FIRE, CRON_PAUSE, DELETE, DELIVER, DEPENDENTS, DISOWN, EDIT, EMPTY, ENQUEUE, ENQUEUE_ALL,
	ENQUEUE_LINKED, EXPIRE, EXPLAIN, FAILURES, FIND, FINISH, FORGET, FREE_SLOTS, HISTORY, LEAD, LIMITS, MOVE, NOTE,
	NUDGE, PAGE, PAUSE, PAUSES, POSITION, PROMOTE, PURGE, READY, RECLAIM, REGISTER, RELEASE, REMOVE, REQUEUE,
	RESCHEDULE, RESIGN, RESTORE, RETRY, RIGHTS, RUN_NOW, SAMPLE, SCAN, STATUSES, STOP, SUSPEND, TAKE, TALLY, UNDELETE,
	UNREGISTER;

	String fileName() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-') + ".lua";
	}

	/** Whether it is to be refused where Redis is full. */
	boolean addsJobs() {
		return this == CRON_FIRE || this == ENQUEUE || this == ENQUEUE_ALL || this == ENQUEUE_LINKED;
	}

}
