/**
 * Runs the jobs of a test, wherever they are: what recorded jobs and those on a real
 * Redis have in common.
 */
@NullMarked
package io.rq.test.run;

import org.jspecify.annotations.NullMarked;
