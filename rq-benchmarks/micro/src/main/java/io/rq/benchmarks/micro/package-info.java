/**
 * Benchmarks of single steps in the life of a job.
 */
@NullMarked
package io.rq.benchmarks.micro;

import org.jspecify.annotations.NullMarked;
