package io.rq.sample.webhook;

import java.net.URI;

/**
 * The result of delivering a webhook.
 *
 * @param url the receiver
 * @param status the HTTP status it answered with
 */
public record Delivery(URI url, int status) {

}
