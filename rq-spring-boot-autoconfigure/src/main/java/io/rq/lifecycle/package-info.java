/**
 * The loop that runs until it is stopped, and its states: shared by everything that works
 * in the background. Its log is everybody's, wherever foreign texts may come along.
 */
@NullMarked
package io.rq.lifecycle;

import org.jspecify.annotations.NullMarked;
