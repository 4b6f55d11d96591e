package io.rq.redis.connection;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.LMoveArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandInterruptedException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeansException;
import org.springframework.beans.DirectFieldAccessor;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.dao.support.DataAccessUtils;
import org.springframework.data.redis.RedisSystemException;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration.LettuceClientConfigurationBuilder;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration.LettuceSslClientConfigurationBuilder;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConverters;
import org.springframework.data.redis.connection.lettuce.RedisCredentialsProviderFactory;

import io.rq.lifecycle.Listeners;
import io.rq.redis.connection.OwnConnections.Use;

/**
 * Connections of our own through Lettuce: one that is shared, and some for what blocks.
 * They do not reconnect by themselves, which could take long and would keep a connection
 * that leads to the wrong server, but are replaced; behind Sentinels also when they have
 * made another server the primary. Their commands are not observed: those that wait for
 * jobs would fill every trace, and jobs have observations of their own.
 */
final class LettuceConnections extends LettuceConnectionFactory implements ReplaceableConnections {

	/**
	 * The time-out behind Sentinels unless the application has set another than Lettuce's
	 * own minute: there is soon another server to ask.
	 */
	private static final Duration BEHIND_SENTINELS = Duration.ofSeconds(5);

	private final RedisConfiguration server;

	private final ConnectionCare care;

	private final ConnectionIds<RedisClusterAsyncCommands<byte[], byte[]>> ids = new ConnectionIds<>();

	private final OpenWaits<RedisFuture<?>> waits = new OpenWaits<>((reply) -> reply.cancel(true));

	private @Nullable SentinelWatch watch;

	private LettuceConnections(RedisConfiguration server, LettuceClientConfiguration client, Use use, boolean moving,
			Listeners<ConnectionListener> listeners) {
		super(server, client);
		this.server = server;
		this.care = new ConnectionCare(this::exchange, use.patience(), moving, listeners);
	}

	static @Nullable RedisConnectionFactory like(LettuceConnectionFactory application, Supplier<String> commonKey,
			Use given, Listeners<ConnectionListener> listeners) {
		RedisConfiguration server = server(application);
		if (server == null) {
			return null;
		}
		Use use = (server instanceof RedisSentinelConfiguration) ? behindSentinels(given, timeout(application)) : given;
		LettuceClientConfiguration client = client(application.getClientConfiguration(), use);
		if (server instanceof RedisClusterConfiguration cluster) {
			return new ClusterConnections(cluster, commonKey.get(),
					(node, ours) -> started(new LettuceConnections(node, client, use, true, ours), application),
					listeners);
		}
		return started(new LettuceConnections(server, client, use, false, listeners), application);
	}

	private static LettuceConnections started(LettuceConnections connections, LettuceConnectionFactory application) {
		connections.setConvertPipelineAndTxResults(application.getConvertPipelineAndTxResults());
		connections.afterPropertiesSet();
		connections.start();
		return connections;
	}

	private static Use behindSentinels(Use given, Duration timeout) {
		return new Use((given.timeout() == null && !timeout.isZero()) ? timeout : given.timeout(), given.limited(), 1);
	}

	/** Returns how long a call of the application may take. */
	static Duration timeout(LettuceConnectionFactory application) {
		Duration given = application.getClientConfiguration().getCommandTimeout();
		return (application.getSentinelConfiguration() != null && given.equals(RedisURI.DEFAULT_TIMEOUT_DURATION))
				? BEHIND_SENTINELS : given;
	}

	/** Returns what the factory leads to, of which it does not tell all kinds itself. */
	private static @Nullable RedisConfiguration server(LettuceConnectionFactory application) {
		if (application.getSentinelConfiguration() != null) {
			return application.getSentinelConfiguration();
		}
		if (application.getSocketConfiguration() != null) {
			return application.getSocketConfiguration();
		}
		try {
			Object configuration = new DirectFieldAccessor(application).getPropertyValue("configuration");
			return (configuration instanceof RedisConfiguration server) ? server
					: application.getStandaloneConfiguration();
		}
		catch (BeansException ex) {
			return null;
		}
	}

	private static LettuceClientConfiguration client(LettuceClientConfiguration given, Use use) {
		LettuceClientConfigurationBuilder builder = LettuceClientConfiguration.builder();
		if (given.isUseSsl()) {
			LettuceSslClientConfigurationBuilder ssl = builder.useSsl().verifyPeer(given.getVerifyMode());
			if (given.isStartTls()) {
				ssl.startTls();
			}
		}
		given.getClientResources().map(UnobservedResources::new).ifPresent(builder::clientResources);
		given.getClientName().ifPresent(builder::clientName);
		given.getReadFrom().ifPresent(builder::readFrom);
		given.getRedisCredentialsProviderFactory().ifPresent(builder::redisCredentialsProviderFactory);
		Duration timeout = use.timeout(given.getCommandTimeout());
		return builder.clientOptions(options(given.getClientOptions().orElseGet(ClientOptions::create), use, timeout))
			.commandTimeout(timeout)
			.shutdownTimeout(given.getShutdownTimeout())
			.shutdownQuietPeriod(given.getShutdownQuietPeriod())
			.build();
	}

	private static ClientOptions options(ClientOptions given, Use use, Duration timeout) {
		ClientOptions.Builder builder = given.mutate().autoReconnect(false);
		if (use.timeout() != null) {
			Duration connectTimeout = use.timeout(given.getSocketOptions().getConnectTimeout());
			builder.timeoutOptions(TimeoutOptions.enabled(timeout))
				.socketOptions(given.getSocketOptions().mutate().connectTimeout(connectTimeout).build());
		}
		return builder.build();
	}

	private void exchange(ConnectionTrouble trouble) {
		resetConnection();
		if (trouble == ConnectionTrouble.FAILOVER) {
			this.waits.end();
		}
	}

	@Override
	public ConnectionCare care() {
		return this.care;
	}

	@Override
	public String clusterNodes() {
		RedisClient client = (RedisClient) getRequiredNativeClient();
		RedisURI node = uri((RedisStandaloneConfiguration) this.server);
		try (StatefulRedisConnection<String, String> connection = client.connect(node)) {
			return connection.sync().clusterNodes();
		}
	}

	/** May be called when they are started already, by Spring for one. */
	@Override
	public synchronized void start() {
		super.start();
		RedisSentinelConfiguration sentinels = getSentinelConfiguration();
		if (sentinels != null && this.watch == null) {
			this.watch = new SentinelWatch((RedisClient) getRequiredNativeClient(), uri(sentinels),
					() -> this.care.met(ConnectionTrouble.FAILOVER, this.care.generation()));
			this.watch.start();
		}
	}

	/**
	 * As Spring makes it for the connections to the primary, which it keeps to itself.
	 */
	private RedisURI uri(RedisSentinelConfiguration sentinels) {
		LettuceClientConfiguration client = getClientConfiguration();
		RedisURI uri = LettuceConverters.sentinelConfigurationToRedisURI(sentinels);
		for (RedisURI sentinel : uri.getSentinels()) {
			configure(sentinel);
			client.getRedisCredentialsProviderFactory()
				.ifPresent((factory) -> sentinel
					.setCredentialsProvider(factory.createSentinelCredentialsProvider(sentinels)));
		}
		return uri;
	}

	private RedisURI uri(RedisStandaloneConfiguration node) {
		RedisURI uri = RedisURI.create(node.getHostName(), node.getPort());
		configure(uri);
		RedisCredentialsProviderFactory credentials = getClientConfiguration().getRedisCredentialsProviderFactory()
			.orElseGet(() -> new RedisCredentialsProviderFactory() {
			});
		uri.setCredentialsProvider(credentials.createCredentialsProvider(node));
		return uri;
	}

	private void configure(RedisURI uri) {
		LettuceClientConfiguration client = getClientConfiguration();
		client.getClientName().ifPresent(uri::setClientName);
		uri.setSsl(client.isUseSsl());
		uri.setVerifyPeer(client.getVerifyMode());
		uri.setStartTls(client.isStartTls());
		uri.setTimeout(client.getCommandTimeout());
	}

	@Override
	public synchronized void stop() {
		if (this.watch != null) {
			this.watch.stop();
			this.watch = null;
		}
		super.stop();
	}

	@Override
	protected @Nullable StatefulRedisConnection<byte[], byte[]> getSharedConnection() {
		StatefulRedisConnection<byte[], byte[]> shared = super.getSharedConnection();
		if (shared == null || shared.isOpen()) {
			return shared;
		}
		this.care.met(ConnectionTrouble.CLOSED, this.care.generation());
		return super.getSharedConnection();
	}

	@Override
	public List<?> send(RedisConnection connection, BlockingMove move) {
		return send(connection, move, (redis) -> List.of(moved(redis, move)));
	}

	@Override
	public List<?> send(RedisConnection connection, BlockingMove move, byte[] set, byte[] member) {
		return send(connection, move, (redis) -> List.of(moved(redis, move), redis.sadd(set, member)));
	}

	@Override
	public List<?> send(RedisConnection connection, BlockingMove move, String sha, int keys, byte[][] arguments) {
		return send(connection, move, (redis) -> List.of(moved(redis, move), redis.evalsha(sha, ScriptOutputType.MULTI,
				Arrays.copyOf(arguments, keys), Arrays.copyOfRange(arguments, keys, arguments.length))));
	}

	private static RedisFuture<?> moved(RedisClusterAsyncCommands<byte[], byte[]> redis, BlockingMove move) {
		return redis.blmove(move.from(), move.to(), LMoveArgs.Builder.leftRight(), move.seconds());
	}

	/**
	 * Spring's pipeline would tell no more than its first error, were it that of the
	 * move, and its replies cannot be given up.
	 */
	private List<?> send(RedisConnection connection, BlockingMove move,
			Function<RedisClusterAsyncCommands<byte[], byte[]>, List<RedisFuture<?>>> commands) {
		connection.openPipeline();
		// it is that of this pipeline alone
		@SuppressWarnings("unchecked")
		RedisClusterAsyncCommands<byte[], byte[]> redis = (RedisClusterAsyncCommands<byte[], byte[]>) connection
			.getNativeConnection();
		move.waiter().accept(this.ids.of(redis, (unknown) -> reply(unknown.clientId(), end())));
		List<RedisFuture<?>> replies = commands.apply(redis);
		connection.closePipeline();
		long end = end();
		return this.waits.during(replies.get(0), () -> replies.stream().map((reply) -> reply(reply, end)).toList());
	}

	private long end() {
		return System.nanoTime() + getClientConfiguration().getCommandTimeout().toNanos();
	}

	/** Returns also an error that Redis replies, but throws when there is no reply. */
	private @Nullable Object reply(RedisFuture<?> future, long end) {
		try {
			if (future.await(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
				return future.get();
			}
			throw new QueryTimeoutException("Redis command timed out");
		}
		catch (ExecutionException ex) {
			RuntimeException failure = (ex.getCause() instanceof RuntimeException cause) ? cause
					: new RedisSystemException("Redis command failed", ex.getCause());
			RuntimeException translated = DataAccessUtils.translateIfNecessary(failure, this);
			if (failure instanceof RedisCommandExecutionException) {
				return translated;
			}
			throw translated;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new RedisCommandInterruptedException(ex);
		}
	}

}
