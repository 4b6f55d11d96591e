package io.rq.dashboard;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import io.rq.dashboard.Dashboard.Place;
import io.rq.dashboard.Dashboard.Visit;

/**
 * Serves the dashboard in reactive applications. Redis is asked on threads that may wait.
 */
class ReactiveDashboard implements WebHandler {

	private final Dashboard dashboard;

	private final ReactiveGate gate;

	ReactiveDashboard(Dashboard dashboard, ReactiveGate gate) {
		this.dashboard = dashboard;
		this.gate = gate;
	}

	@Override
	public Mono<Void> handle(ServerWebExchange exchange) {
		ServerHttpRequest request = exchange.getRequest();
		Place place = this.dashboard.place(request.getPath().pathWithinApplication());
		return this.gate.admit(exchange)
			.flatMap((viewer) -> visit(request, place, viewer))
			.publishOn(Schedulers.boundedElastic())
			.map(this.dashboard::answer)
			.onErrorResume(RefusedException.class, (ex) -> Mono.just(this.dashboard.refused(place, ex)))
			.flatMap((answer) -> write(exchange.getResponse(), answer));
	}

	private static Mono<Visit> visit(ServerHttpRequest request, Place place, Viewer viewer) {
		return body(request).map((body) -> new Visit(request.getMethod(), place, request.getHeaders(),
				request.getQueryParams().toSingleValueMap(), body, viewer));
	}

	private static Mono<byte[]> body(ServerHttpRequest request) {
		if (Visit.reads(request.getMethod())) {
			return Mono.just(new byte[0]);
		}
		return DataBufferUtils.join(request.getBody(), Dashboard.LARGEST_BODY)
			.map(ReactiveDashboard::bytes)
			.defaultIfEmpty(new byte[0])
			.onErrorMap(DataBufferLimitException.class, (ex) -> RefusedException.tooLarge());
	}

	private static byte[] bytes(DataBuffer buffer) {
		byte[] bytes = new byte[buffer.readableByteCount()];
		buffer.read(bytes);
		DataBufferUtils.release(buffer);
		return bytes;
	}

	private static Mono<Void> write(ServerHttpResponse response, Answer answer) {
		response.setStatusCode(HttpStatusCode.valueOf(answer.status()));
		answer.headers().forEach(response.getHeaders()::set);
		if (answer.status() == HttpStatus.NOT_MODIFIED.value()) {
			return response.setComplete();
		}
		response.getHeaders().setContentLength(answer.body().length);
		return response.writeWith(Mono.fromSupplier(() -> response.bufferFactory().wrap(answer.body())));
	}

}
