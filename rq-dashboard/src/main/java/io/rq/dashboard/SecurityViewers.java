package io.rq.dashboard;

import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.security.authentication.AuthenticationTrustResolverImpl;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;

import io.rq.operations.Operator;

/**
 * Whom the application's Spring Security has authenticated.
 */
final class SecurityViewers {

	private static final AuthenticationTrustResolverImpl TRUST = new AuthenticationTrustResolverImpl();

	private SecurityViewers() {
	}

	/**
	 * Lets someone in.
	 * @param authentication who it is, {@code null} if nobody is
	 * @param csrf what guards from forged requests
	 * @return who it is to the dashboard
	 * @throws RefusedException if nobody is authenticated
	 */
	static Viewer admit(@Nullable Authentication authentication, Supplier<Viewer.@Nullable Csrf> csrf) {
		if (authentication == null || !TRUST.isAuthenticated(authentication)) {
			throw new RefusedException(HttpStatus.UNAUTHORIZED,
					"Nobody is logged in. The application's Spring Security has to authenticate whoever opens this path.");
		}
		Set<String> authorities = authentication.getAuthorities()
			.stream()
			.map(GrantedAuthority::getAuthority)
			.filter(Objects::nonNull)
			.collect(Collectors.toUnmodifiableSet());
		return new Viewer(new Operator(authentication.getName(), authorities, Operator.Face.DASHBOARD), true, csrf);
	}

}
