package io.rq.chaos;

import java.util.List;
import java.util.stream.Stream;

import io.rq.test.FaultProxy;

/**
 * One server with an append-only file, behind a network that fails as told.
 */
final class OneServer extends SingleServer {

	private final FaultProxy network = FaultProxy.to(redis());

	@Override
	public String name() {
		return "one server";
	}

	@Override
	public List<String> connection() {
		return List.of("--spring.data.redis.port=" + this.network.port());
	}

	@Override
	public List<Fault.Kind> faults() {
		return Stream.of(ProcessFaults.all(), new ServerFaults(redis()).all(), new NetworkFaults(this.network).all())
			.flatMap(List::stream)
			.toList();
	}

	@Override
	public void close() {
		this.network.close();
		super.close();
	}

}
