/**
 * What the tests of all packages share: one real Redis, a look at everything in it, and
 * Python RQ as the other side.
 */
@NullMarked
package io.rq.test;

import org.jspecify.annotations.NullMarked;
