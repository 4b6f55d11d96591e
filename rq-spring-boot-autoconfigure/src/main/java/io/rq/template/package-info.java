/**
 * What an application asks for: {@link io.rq.template.JobTemplate} turns method
 * references and function names with their arguments into jobs, checks what can be
 * checked before anything is written, and puts them on their queues. Whatever else is to
 * be done to a job or a queue on demand, such as cancelling it, belongs here too.
 */
@NullMarked
package io.rq.template;

import org.jspecify.annotations.NullMarked;
