/**
 * The producer's side: {@link io.rq.template.JobTemplate} turns method references and
 * function names with their arguments into jobs, checks what can be checked before
 * anything is written, and puts them on their queues.
 */
@NullMarked
package io.rq.template;

import org.jspecify.annotations.NullMarked;
