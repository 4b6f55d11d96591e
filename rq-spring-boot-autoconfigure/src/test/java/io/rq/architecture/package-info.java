/**
 * The rules of this code base, as tests.
 */
@NullMarked
package io.rq.architecture;

import org.jspecify.annotations.NullMarked;
