/**
 * What the application shows when it starts.
 */
@NullMarked
package io.rq.sample.demo;

import org.jspecify.annotations.NullMarked;
