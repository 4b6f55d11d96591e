/**
 * What an application implements or is told: the handler of a function's jobs and the
 * registry of them, callbacks, what a running job knows of its surroundings, and who
 * hears what becomes of jobs. No actors: the worker calls what is here.
 */
@NullMarked
package io.rq.handler;

import org.jspecify.annotations.NullMarked;
