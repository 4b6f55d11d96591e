/**
 * The loop that runs until it is stopped, and its states: shared by everything that works
 * in the background.
 */
@NullMarked
package io.rq.lifecycle;

import org.jspecify.annotations.NullMarked;
