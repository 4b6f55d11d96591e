/**
 * Sends the webhooks of jobs. What is to be sent is a job of a queue of our own, which
 * the script that records an outcome enqueues with it; its handler sends the request,
 * under a guard, because whoever may enqueue chooses the address.
 */
@NullMarked
package io.rq.webhook;

import org.jspecify.annotations.NullMarked;
