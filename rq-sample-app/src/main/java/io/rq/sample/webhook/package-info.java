/**
 * Work that fails now and then: webhooks are delivered to a URL, with retries.
 */
@NullMarked
package io.rq.sample.webhook;

import org.jspecify.annotations.NullMarked;
