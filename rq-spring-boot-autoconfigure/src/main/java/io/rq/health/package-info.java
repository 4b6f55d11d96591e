/**
 * Says whether the workers and the scheduler of this application do their work.
 */
@NullMarked
package io.rq.health;

import org.jspecify.annotations.NullMarked;
