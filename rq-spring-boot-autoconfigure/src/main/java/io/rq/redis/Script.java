package io.rq.redis;

import java.util.Locale;

/**
 * The scripts, each named as its file.
 */
enum Script {

	BEAT, CANCEL, CENSUS, CHORES, CLAIM, DELETE, DELIVER, DEPENDENTS, DISOWN, ENQUEUE, ENQUEUE_ALL, EXPIRE, FIND, FINISH,
	FORGET, LEAD, NOTE, PROMOTE, PURGE, RECLAIM, REGISTER, RELEASE, REQUEUE, RESIGN, RESTORE, RETRY, UNREGISTER;

	String fileName() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-') + ".lua";
	}

	/** Whether it is to be refused where Redis is full. */
	boolean addsJobs() {
		return this == ENQUEUE || this == ENQUEUE_ALL;
	}

}
