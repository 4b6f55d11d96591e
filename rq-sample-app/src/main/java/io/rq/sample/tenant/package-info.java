/**
 * For whom work is done: the tenant that a request names goes along with the jobs that it
 * enqueues.
 */
@NullMarked
package io.rq.sample.tenant;

import org.jspecify.annotations.NullMarked;
