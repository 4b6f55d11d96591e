/**
 * Wires the packages of this library into a Spring Boot application; the only place that
 * knows {@link io.rq.autoconfigure.RqProperties the properties}. Nothing outside uses it,
 * except applications with a Redis of its own for jobs, which mark its connections with
 * {@link io.rq.autoconfigure.RqRedis @RqRedis}.
 */
@NullMarked
package io.rq.autoconfigure;

import org.jspecify.annotations.NullMarked;
