/**
 * The log of everything that works in the background, wherever foreign texts may come
 * along: what can be said of an exception, what may stand in a log, and what has been
 * told already.
 */
@NullMarked
package io.rq.log;

import org.jspecify.annotations.NullMarked;
