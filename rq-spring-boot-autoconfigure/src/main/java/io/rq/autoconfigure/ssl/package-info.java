/**
 * Renews the certificates of connections to Redis.
 */
@NullMarked
package io.rq.autoconfigure.ssl;

import org.jspecify.annotations.NullMarked;
