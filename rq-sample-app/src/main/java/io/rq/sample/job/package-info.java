/**
 * What became of a job, told over HTTP.
 */
@NullMarked
package io.rq.sample.job;

import org.jspecify.annotations.NullMarked;
