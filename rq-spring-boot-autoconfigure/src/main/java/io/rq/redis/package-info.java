/**
 * The protocol: key names, hash fields, the Lua scripts and the typed stores over them
 * (one store per actor, one method per script). The only speaker of Spring Data Redis.
 *
 * <p>
 * Every change of a job's state is one script under {@code io/rq/redis/*.lua}; the list
 * of those files is the state machine. A script takes effect only if the entry that gives
 * the right to act was still there, so that two actors never both do.
 */
@NullMarked
package io.rq.redis;

import org.jspecify.annotations.NullMarked;
