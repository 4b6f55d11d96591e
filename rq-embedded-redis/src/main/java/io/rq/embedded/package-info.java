/**
 * The embedded Redis: a real {@code redis-server} for development and tests, started with
 * the application, stopped with it, and used by everything in it that talks to Redis.
 *
 * <p>
 * The binary comes from {@code com.github.codemonstur:embedded-redis}. The process is
 * ours, because that library ends its servers in a shutdown hook of its own, at the same
 * time as Spring begins to close the application: workers could not write down what they
 * have just finished.
 */
@NullMarked
package io.rq.embedded;

import org.jspecify.annotations.NullMarked;
