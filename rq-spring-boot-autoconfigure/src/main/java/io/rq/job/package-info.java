/**
 * The job model: a job and its status, what can be asked for when it is enqueued, the
 * rules of its retries and the results it leaves. No beans, no Redis. The usual way of a
 * job, of which protocol §3.5 has every step:
 *
 * <pre>
 *             enqueue                      schedule
 *                |                            |
 *                v          promote           v
 *             QUEUED &lt;------------------- SCHEDULED
 *                |  ^                         ^
 *          claim |  | retry now, reclaim,     | retry later
 *                v  | release                 |
 *             STARTED ------------------------+
 *                |
 *                +--&gt; FINISHED
 *                +--&gt; FAILED
 * </pre>
 */
@NullMarked
package io.rq.job;

import org.jspecify.annotations.NullMarked;
