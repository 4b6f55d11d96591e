package io.rq.dashboard;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.util.ClassUtils;

/**
 * Lets in whom the application's Spring Security has authenticated.
 */
class SecurityServletGate implements ServletGate {

	private static final boolean WITH_TOKENS = ClassUtils.isPresent("org.springframework.security.web.csrf.CsrfToken",
			SecurityServletGate.class.getClassLoader());

	@Override
	public Viewer admit(HttpServletRequest request) {
		return SecurityViewers.admit(SecurityContextHolder.getContext().getAuthentication(),
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
