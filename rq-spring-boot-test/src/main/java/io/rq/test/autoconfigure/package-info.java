/**
 * The test slice and its auto-configuration.
 */
@NullMarked
package io.rq.test.autoconfigure;

import org.jspecify.annotations.NullMarked;
