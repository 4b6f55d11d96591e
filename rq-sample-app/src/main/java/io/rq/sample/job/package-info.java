/**
 * What became of a job, told over HTTP, and a way to stop it.
 */
@NullMarked
package io.rq.sample.job;

import org.jspecify.annotations.NullMarked;
