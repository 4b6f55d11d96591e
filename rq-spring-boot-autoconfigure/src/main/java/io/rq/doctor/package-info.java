/**
 * What is wrong with the set-up: looks at Redis, at the way to it and at what waits on
 * the queues, with a number of commands that does not depend on how many jobs there are,
 * and says what was found and what to do. Each check is a class of this package. Changes
 * nothing.
 */
@NullMarked
package io.rq.doctor;

import org.jspecify.annotations.NullMarked;
