/**
 * Runs jobs: the container with its fetching, executing, beating and maintaining parts.
 * What an application implements or is told is in {@link io.rq.handler}.
 */
@NullMarked
package io.rq.worker;

import org.jspecify.annotations.NullMarked;
