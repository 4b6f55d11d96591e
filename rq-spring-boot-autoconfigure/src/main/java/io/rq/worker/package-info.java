/**
 * Runs jobs: the container with its fetching, executing, beating and maintaining parts,
 * and what an application can hang into it.
 */
@NullMarked
package io.rq.worker;

import org.jspecify.annotations.NullMarked;
