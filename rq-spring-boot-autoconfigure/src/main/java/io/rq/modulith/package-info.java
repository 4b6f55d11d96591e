/**
 * Events of Spring Modulith as jobs.
 */
@NullMarked
package io.rq.modulith;

import org.jspecify.annotations.NullMarked;
