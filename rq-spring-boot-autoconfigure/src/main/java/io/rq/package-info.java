/**
 * RQ for Spring Boot: background jobs on Redis, in the words and with the data of Python
 * RQ, so that processes of both languages can share queues.
 *
 * <p>
 * The packages below read top to bottom as a job meets them: {@code template} takes it,
 * {@code queue} and {@code redis} store it, {@code worker} runs it, {@code scheduler}
 * brings it back when it is due.
 */
@NullMarked
package io.rq;

import org.jspecify.annotations.NullMarked;
