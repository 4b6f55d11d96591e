package io.rq.dashboard;

import java.util.Optional;

import org.jspecify.annotations.Nullable;

import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.web.server.csrf.CsrfToken;
import org.springframework.util.ClassUtils;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Lets in whom the application's reactive Spring Security has authenticated.
 */
class SecurityReactiveGate implements ReactiveGate {

	private static final boolean WITH_TOKENS = ClassUtils.isPresent(
			"org.springframework.security.web.server.csrf.CsrfToken", SecurityReactiveGate.class.getClassLoader());

	@Override
	public Mono<Viewer> admit(ServerWebExchange exchange) {
		return ReactiveSecurityContextHolder.getContext()
			.mapNotNull(SecurityContext::getAuthentication)
			.map(Optional::of)
			.defaultIfEmpty(Optional.empty())
			.map((authentication) -> admit(authentication.orElse(null), exchange));
	}

	private static Viewer admit(@Nullable Authentication authentication, ServerWebExchange exchange) {
		return SecurityViewers.admit(authentication, () -> WITH_TOKENS ? Tokens.of(exchange) : null);
	}

	/** Apart, since an application may have authentication without the filters. */
	private static final class Tokens {

		/**
		 * Waits, which the threads that answer may: a token is made, and kept, only when
		 * it is asked for.
		 */
		static Viewer.@Nullable Csrf of(ServerWebExchange exchange) {
			Mono<CsrfToken> token = exchange.getAttribute(CsrfToken.class.getName());
			return (token != null) ? token.map((made) -> new Viewer.Csrf(made.getHeaderName(), made.getToken())).block()
					: null;
		}

	}

}
