/**
 * Looks at the certificates of connections to Redis, and renews them.
 */
@NullMarked
package io.rq.autoconfigure.ssl;

import org.jspecify.annotations.NullMarked;
