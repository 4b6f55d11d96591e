/**
 * What tests of an application do with its jobs: what was enqueued, how its runs ended,
 * and assertions on both.
 */
@NullMarked
package io.rq.test;

import org.jspecify.annotations.NullMarked;
