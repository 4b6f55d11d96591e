package io.rq.dashboard;

import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Finds out who looks, in reactive applications.
 */
@FunctionalInterface
interface ReactiveGate {

	/**
	 * Lets someone in.
	 * @param exchange the request
	 * @return who it is; an error of the kind {@link RefusedException} if nobody is let
	 * in
	 */
	Mono<Viewer> admit(ServerWebExchange exchange);

}
