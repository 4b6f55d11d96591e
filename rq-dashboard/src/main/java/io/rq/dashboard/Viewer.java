package io.rq.dashboard;

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.rq.operations.Operator;

/**
 * Who looks at the dashboard.
 *
 * @param operator who it is to the operations
 * @param guarded whether security stands behind that name; without it everything is
 * read-only and arguments, meta data and results are hidden
 * @param csrf gets what has to be sent with every change, or {@code null} if there is
 * nothing of the kind
 */
record Viewer(Operator operator, boolean guarded, Supplier<@Nullable Csrf> csrf) {

	/**
	 * The token of the application's own protection from forged requests.
	 *
	 * @param header the header to send it in
	 * @param token the token
	 */
	record Csrf(String header, String token) {

	}

}
