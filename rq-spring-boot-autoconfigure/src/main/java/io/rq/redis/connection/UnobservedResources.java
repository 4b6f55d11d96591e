package io.rq.redis.connection;

import java.util.concurrent.TimeUnit;

import io.lettuce.core.event.EventBus;
import io.lettuce.core.event.EventPublisherOptions;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import io.lettuce.core.resource.EventLoopGroupProvider;
import io.lettuce.core.resource.NettyCustomizer;
import io.lettuce.core.resource.SocketAddressResolver;
import io.lettuce.core.tracing.Tracing;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.Timer;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;

/**
 * The application's resources for Lettuce, without the observation of each command. A
 * copy of them made by {@link ClientResources#mutate()} would have threads of its own.
 *
 * @param given those of the application, which shuts them down
 */
record UnobservedResources(ClientResources given) implements ClientResources {

	@Override
	public Tracing tracing() {
		return Tracing.disabled();
	}

	@Override
	public Builder mutate() {
		return this.given.mutate().tracing(tracing());
	}

	@Override
	public Future<Boolean> shutdown() {
		return ImmediateEventExecutor.INSTANCE.newSucceededFuture(true);
	}

	@Override
	public Future<Boolean> shutdown(long quietPeriod, long timeout, TimeUnit timeUnit) {
		return shutdown();
	}

	@Override
	public AddressResolverGroup<?> addressResolverGroup() {
		return this.given.addressResolverGroup();
	}

	@Override
	public EventPublisherOptions commandLatencyPublisherOptions() {
		return this.given.commandLatencyPublisherOptions();
	}

	@Override
	public CommandLatencyRecorder commandLatencyRecorder() {
		return this.given.commandLatencyRecorder();
	}

	@Override
	public int computationThreadPoolSize() {
		return this.given.computationThreadPoolSize();
	}

	@Override
	public EventBus eventBus() {
		return this.given.eventBus();
	}

	@Override
	public EventLoopGroupProvider eventLoopGroupProvider() {
		return this.given.eventLoopGroupProvider();
	}

	@Override
	public EventExecutorGroup eventExecutorGroup() {
		return this.given.eventExecutorGroup();
	}

	@Override
	public int ioThreadPoolSize() {
		return this.given.ioThreadPoolSize();
	}

	@Override
	public NettyCustomizer nettyCustomizer() {
		return this.given.nettyCustomizer();
	}

	@Override
	public Delay reconnectDelay() {
		return this.given.reconnectDelay();
	}

	@Override
	public SocketAddressResolver socketAddressResolver() {
		return this.given.socketAddressResolver();
	}

	@Override
	public Timer timer() {
		return this.given.timer();
	}

}
