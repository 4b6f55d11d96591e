package io.rq.actuate.endpoint;

import com.fasterxml.jackson.annotation.JsonValue;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * What the endpoint answers, written as the value itself whatever the application's own
 * settings for JSON are.
 *
 * @param value the value
 */
public record Answer(@JsonValue Object value) implements OperationResponseBody {

}
