/**
 * Brings scheduled jobs and delayed retries to their queues when they are due: an elected
 * {@link io.rq.scheduler.SchedulerContainer scheduler} per queue, of which every
 * application may run one. Knows no worker.
 *
 * <h2>Leadership</h2>
 *
 * A queue has one scheduler at a time, in Java or in Python: the process whose token
 * stands in {@code rq:scheduler-lock:<queue>}. The lock is a lease: its holder must renew
 * it, and loses it by dying.
 *
 * <pre>
 *                     lock was free
 *        +---------+ ---------------&gt; +--------+ ---+
 *   ----&gt;| standby |                  | leader |    | renews every lease/3
 *        +---------+ &lt;--------------- +--------+ &lt;--+
 *          |     ^    no longer renewed in time,   |
 *          +-----+    or Redis says so             | stop
 *   tries every lease/3,                           v
 *   and when told that                       lock given back,
 *   the lock was given back                  standbys are told
 * </pre>
 *
 * <ul>
 * <li><b>The lock in Redis decides.</b> It holds a random token that is new after each
 * start. Scripts take, renew and give back the lock, and each compares the token, so a
 * lock of another process is never prolonged or removed.</li>
 * <li><b>A leader distrusts itself first.</b> It counts its lease from before it sent the
 * renewal, on the monotonic clock of its machine, and takes off a tenth. When that time
 * is over it moves nothing until it has been elected again, whether Redis could be asked
 * or not.</li>
 * <li><b>Two leaders do no harm.</b> A process may be halted after it looked at its watch
 * and go on after another has been elected. So {@code promote.lua} looks at the token
 * again, and moving a job is one step with removing it from the schedule. The lock saves
 * work; the script protects the data.</li>
 * <li><b>A clean stop hands over at once.</b> It gives the lock back and publishes that
 * on {@code rq:scheduler-handover}; whoever hears it tries to get the lock. That is a
 * courtesy: if the message is lost or the process was killed, a standby takes over when
 * the lease has run out.</li>
 * <li><b>Election and {@link io.rq.scheduler.Duty duties} share a thread,</b> so that a
 * scheduler that hangs does not keep its locks.</li>
 * </ul>
 *
 * <h2>On time</h2>
 *
 * The clock of Redis says what is due, so a job is never moved early. Each look at a
 * queue returns how long it is until the next job, and the leader sleeps exactly so long,
 * at most its interval. Counted from before the request was sent, the next request
 * arrives when the job is due, not one way later. A job that is scheduled before all
 * others is published on {@code rq:scheduler-wake}, which ends the sleep. Jobs that
 * Python schedules are not published; they are at most one interval late.
 */
@NullMarked
package io.rq.scheduler;

import org.jspecify.annotations.NullMarked;
