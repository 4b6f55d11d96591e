package io.rq.actuate.endpoint;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * Why a request was not carried out.
 *
 * @param status the HTTP status
 * @param title what kind of trouble it is
 * @param detail what was wrong and how to mend it, or {@code null}
 */
public record Problem(int status, String title, @Nullable String detail) implements OperationResponseBody {

}
