/**
 * RQ for Spring Boot: background jobs on Redis, in the words and with the data of Python
 * RQ, so that processes of both languages can share queues.
 *
 * <ul>
 * <li>What an application uses: {@code annotation}, {@code template}, {@code job},
 * {@code handler}, {@code interceptor}, {@code event} and {@code cron}.</li>
 * <li>The engine: {@code worker}, {@code scheduler}, {@code webhook}, {@code redis},
 * {@code serializer} and {@code lifecycle}.</li>
 * <li>What looks at it and operates it: {@code queue}, {@code monitor}, {@code explain},
 * {@code doctor}, {@code history}, {@code operations}, {@code health}, {@code metrics},
 * {@code observation} and {@code actuate}.</li>
 * <li>The wiring: {@code autoconfigure}, {@code security} and {@code modulith}.</li>
 * </ul>
 */
@NullMarked
package io.rq;

import org.jspecify.annotations.NullMarked;
