package io.rq.sample.tenant;

import java.io.IOException;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Takes the tenant from a request. An application on the open net would ask who may name
 * which.
 */
@Component
class TenantFilter extends OncePerRequestFilter {

	private final CurrentTenant tenant;

	TenantFilter(CurrentTenant tenant) {
		this.tenant = tenant;
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		this.tenant.set(request.getHeader(CurrentTenant.HEADER));
		try {
			chain.doFilter(request, response);
		}
		finally {
			this.tenant.set(null);
		}
	}

}
