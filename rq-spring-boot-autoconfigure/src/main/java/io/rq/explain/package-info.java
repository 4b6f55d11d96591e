/**
 * Why a job does not run: looks at a job and what there is around it, in a few calls that
 * take no longer the more jobs there are, and says in plain words what it waits for, by
 * what that can be seen, and what to do. Changes nothing.
 */
@NullMarked
package io.rq.explain;

import org.jspecify.annotations.NullMarked;
