/**
 * Readings for people: what is in the queues and who works on them, the workers and
 * schedulers of this process, and what someone should look at. Health, meters, the
 * endpoint and a dashboard show it, each in its own words. Changes nothing.
 */
@NullMarked
package io.rq.monitor;

import org.jspecify.annotations.NullMarked;
