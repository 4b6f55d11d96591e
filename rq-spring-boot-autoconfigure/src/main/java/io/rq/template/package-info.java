/**
 * What an application asks for: {@link io.rq.template.JobTemplate} turns method
 * references and function names with their arguments into jobs, checks what can be
 * checked before anything is written, puts them on their queues, finds and changes them
 * again; {@link io.rq.template.QueueTemplate} does what concerns a queue as a whole.
 * Nobody else changes jobs and queues on demand.
 */
@NullMarked
package io.rq.template;

import org.jspecify.annotations.NullMarked;
