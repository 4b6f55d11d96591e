package io.rq.dashboard;

import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.security.authentication.AuthenticationTrustResolverImpl;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.util.ClassUtils;

import io.rq.operations.Operator;

/**
 * Lets in whom the application's Spring Security has authenticated. The only class that
 * knows Spring Security; loaded where it is there.
 */
class SpringSecurityGate implements Gate {

	private static final boolean WITH_TOKENS = ClassUtils.isPresent("org.springframework.security.web.csrf.CsrfToken",
			SpringSecurityGate.class.getClassLoader());

	private final AuthenticationTrustResolverImpl trust = new AuthenticationTrustResolverImpl();

	@Override
	public Viewer admit(HttpServletRequest request) {
		Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
		if (authentication == null || !this.trust.isAuthenticated(authentication)) {
			throw new RefusedException(HttpStatus.UNAUTHORIZED,
					"Nobody is logged in. The application's Spring Security has to authenticate who opens this path.");
		}
		Set<String> authorities = authentication.getAuthorities()
			.stream()
			.map(GrantedAuthority::getAuthority)
			.filter(Objects::nonNull)
			.collect(Collectors.toUnmodifiableSet());
		return new Viewer(new Operator(authentication.getName(), authorities, Operator.Face.DASHBOARD), true,
				() -> WITH_TOKENS ? Tokens.of(request) : null);
	}

	/** Apart, since an application may have authentication without the filters. */
	private static final class Tokens {

		static Viewer.@Nullable Csrf of(HttpServletRequest request) {
			return (request.getAttribute(CsrfToken.class.getName()) instanceof CsrfToken token)
					? new Viewer.Csrf(token.getHeaderName(), token.getToken()) : null;
		}

	}

}
