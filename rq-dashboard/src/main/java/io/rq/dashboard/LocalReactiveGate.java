package io.rq.dashboard;

import java.net.InetSocketAddress;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.util.ClassUtils;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Lets in who sits at this machine.
 */
class LocalReactiveGate implements ReactiveGate {

	private static final boolean WITH_SERVLETS = ClassUtils.isPresent("jakarta.servlet.http.HttpServletRequest",
			LocalReactiveGate.class.getClassLoader());

	private final LocalViewers viewers;

	private final boolean proxiesHidden;

	/**
	 * Creates the gate.
	 * @param viewers who is let in
	 * @param proxiesHidden whether the application takes away what a proxy has added, so
	 * that nobody can be told from those behind one
	 */
	LocalReactiveGate(LocalViewers viewers, boolean proxiesHidden) {
		this.viewers = viewers;
		this.proxiesHidden = proxiesHidden;
	}

	@Override
	public Mono<Viewer> admit(ServerWebExchange exchange) {
		return Mono.fromSupplier(() -> {
			ServerHttpRequest request = exchange.getRequest();
			return this.viewers.admit(address(request), request.getURI().getHost(),
					this.proxiesHidden || isForwarded(request));
		});
	}

	private static @Nullable String address(ServerHttpRequest request) {
		InetSocketAddress peer = request.getRemoteAddress();
		return (peer != null && peer.getAddress() != null) ? peer.getAddress().getHostAddress() : null;
	}

	private static boolean isForwarded(ServerHttpRequest request) {
		return request.getHeaders().headerNames().stream().anyMatch(LocalViewers::isOfProxies)
				|| (WITH_SERVLETS && Servlets.isForwarded(request));
	}

	/** Apart, since most reactive servers have no servlets below. */
	private static final class Servlets {

		static boolean isForwarded(ServerHttpRequest request) {
			Object below = ServerHttpRequestDecorator.getNativeRequest(request);
			return below instanceof HttpServletRequest servlet && LocalServletGate.isForwarded(servlet);
		}

	}

}
