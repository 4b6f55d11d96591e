package io.rq.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.BuilderFactory;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.RedisSentinelClient;
import redis.clients.jedis.Response;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.args.ListDirection;
import redis.clients.jedis.builders.AbstractClientBuilder;
import redis.clients.jedis.builders.SentinelClientBuilder;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.util.Delay;

import org.springframework.dao.support.DataAccessUtils;
import org.springframework.data.redis.connection.NamedNode;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.jedis.JedisClientBuilderCustomizer;
import org.springframework.data.redis.connection.jedis.JedisClientConfigBuilderCustomizer;
import org.springframework.data.redis.connection.jedis.JedisClientConfiguration;
import org.springframework.data.redis.connection.jedis.JedisClientConfiguration.JedisClientConfigurationBuilder;
import org.springframework.data.redis.connection.jedis.JedisClientConfiguration.JedisSslClientConfigurationBuilder;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import org.springframework.util.Assert;

import io.rq.lifecycle.Listeners;
import io.rq.redis.OwnConnections.Use;

/**
 * Connections of our own through Jedis. They are replaced together with their pool:
 * whatever is in use goes down with the old pool when it is given back.
 */
final class JedisConnections extends JedisConnectionFactory implements ReplaceableConnections {

	/** A subscription hears of its own probes more often than that. */
	private static final int LONGEST_SILENCE = (int) Duration.ofSeconds(5).toMillis();

	/** How long Jedis is deaf when it has lost a Sentinel: longer if that is away. */
	private static final Delay DEAFNESS = new Delay() {

		@Override
		public Duration delay(long attempt) {
			return Duration.ofMillis(Math.min(200L << Math.min(attempt, 10), 5_000));
		}

	};

	private final ConnectionCare care;

	private final ConnectionIds<Connection> ids = new ConnectionIds<>();

	private final Object lock = new Object();

	/** Whether what is configured now are connections to Sentinels. */
	private final AtomicBoolean toSentinels;

	private @Nullable UnifiedJedis fresh;

	private @Nullable PrimaryCheck check;

	private JedisConnections(RedisStandaloneConfiguration server, JedisClientConfiguration client, Use use,
			boolean moving, Listeners<ConnectionListener> listeners) {
		super(server, client);
		this.toSentinels = new AtomicBoolean();
		this.care = new ConnectionCare(this::exchange, use.patience(), moving, listeners);
	}

	private JedisConnections(RedisSentinelConfiguration server, JedisClientConfiguration client, Use use,
			AtomicBoolean toSentinels, Listeners<ConnectionListener> listeners) {
		super(server, client);
		this.toSentinels = toSentinels;
		this.care = new ConnectionCare(this::exchange, use.patience(), false, listeners);
	}

	static RedisConnectionFactory like(JedisConnectionFactory application, KeyLayout layout, Use use,
			Listeners<ConnectionListener> listeners) {
		AtomicBoolean toSentinels = new AtomicBoolean();
		JedisClientConfiguration client = client(application.getClientConfiguration(), use, toSentinels);
		RedisSentinelConfiguration sentinels = application.getSentinelConfiguration();
		if (sentinels != null) {
			return started(new JedisConnections(sentinels, client, use, toSentinels, listeners), application);
		}
		RedisClusterConfiguration cluster = application.getClusterConfiguration();
		if (cluster != null) {
			return new ClusterConnections(cluster, layout,
					(node, ours) -> started(new JedisConnections(node, client, use, true, ours), application),
					listeners);
		}
		RedisStandaloneConfiguration server = application.getStandaloneConfiguration();
		Assert.state(server != null, "There is a server if there is neither a cluster nor Sentinels");
		return started(new JedisConnections(server, client, use, false, listeners), application);
	}

	private static JedisConnections started(JedisConnections connections, JedisConnectionFactory application) {
		connections.setConvertPipelineAndTxResults(application.getConvertPipelineAndTxResults());
		connections.afterPropertiesSet();
		connections.start();
		return connections;
	}

	private static JedisClientConfiguration client(JedisClientConfiguration given, Use use, AtomicBoolean toSentinels) {
		JedisClientConfigurationBuilder builder = JedisClientConfiguration.builder();
		given.getClientName().ifPresent(builder::clientName);
		if (given.isUseSsl()) {
			JedisSslClientConfigurationBuilder ssl = builder.useSsl();
			given.getSslSocketFactory().ifPresent(ssl::sslSocketFactory);
			given.getSslParameters().ifPresent(ssl::sslParameters);
			given.getHostnameVerifier().ifPresent(ssl::hostnameVerifier);
		}
		Duration connectTimeout = use.timeout(given.getConnectTimeout());
		Duration readTimeout = use.timeout(given.getReadTimeout());
		builder.connectTimeout(connectTimeout).readTimeout(readTimeout);
		Optional<JedisClientConfigBuilderCustomizer> theirs = given.getClientConfigCustomizer();
		builder.customizeClientConfig((config) -> {
			theirs.ifPresent((customizer) -> customizer.customize(config));
			if (use.timeout() != null) {
				limit(config, connectTimeout, readTimeout);
			}
			if (toSentinels.get()) {
				// they are silent until something happens, and who hangs up misses it
				config.blockingSocketTimeoutMillis(0);
			}
		});
		pool(builder, given, use);
		return builder.build();
	}

	private static void limit(DefaultJedisClientConfig.Builder config, Duration connectTimeout, Duration readTimeout) {
		config.connectionTimeoutMillis((int) connectTimeout.toMillis())
			.socketTimeoutMillis((int) readTimeout.toMillis())
			.blockingSocketTimeoutMillis(LONGEST_SILENCE);
	}

	private static void pool(JedisClientConfigurationBuilder builder, JedisClientConfiguration given, Use use) {
		Optional<JedisClientBuilderCustomizer> theirs = given.getClientCustomizer();
		if (use.limited()) {
			given.getPoolConfig().ifPresent((pool) -> builder.usePooling().poolConfig(pool));
			builder.customizeClient((client) -> {
				listenAgainSoon(client);
				theirs.ifPresent((customizer) -> customizer.customize(client));
			});
			return;
		}
		GenericObjectPoolConfig<Connection> pool = new GenericObjectPoolConfig<>();
		pool.setMaxTotal(-1);
		pool.setMaxIdle(-1);
		pool.setJmxEnabled(false);
		builder.usePooling().poolConfig(pool);
		builder.customizeClient((client) -> {
			listenAgainSoon(client);
			theirs.ifPresent((customizer) -> {
				customizer.customize(client);
				client.poolConfig(pool);
			});
		});
	}

	private static void listenAgainSoon(AbstractClientBuilder<?, ?> client) {
		if (client instanceof SentinelClientBuilder<?> sentinels) {
			sentinels.sentinelReconnectDelay(DEAFNESS);
		}
	}

	@Override
	protected RedisSentinelClient createRedisSentinelClient(RedisSentinelConfiguration sentinels) {
		// the connections to the primary have been configured before
		this.toSentinels.set(true);
		return super.createRedisSentinelClient(sentinels);
	}

	@Override
	public ConnectionCare care() {
		return this.care;
	}

	@Override
	protected UnifiedJedis getRequiredRedisClient() {
		synchronized (this.lock) {
			return (this.fresh != null) ? this.fresh : super.getRequiredRedisClient();
		}
	}

	/** Returns whether waits may last longer than other commands. */
	boolean isPatient() {
		return getRequiredRedisClient() instanceof RedisClient;
	}

	@Override
	public List<?> send(RedisConnection connection, BlockingMove move) {
		if (getRequiredRedisClient() instanceof RedisClient client) {
			return send(client, move, (pipeline) -> List.of(moved(pipeline, move)));
		}
		return move.send(connection);
	}

	@Override
	public List<?> send(RedisConnection connection, BlockingMove move, String sha, ScriptArguments arguments) {
		if (getRequiredRedisClient() instanceof RedisClient client) {
			return send(client, move, (pipeline) -> List.of(moved(pipeline, move),
					pipeline.evalsha(ScriptArguments.bytes(sha), arguments.numberOfKeys(), arguments.toArray())));
		}
		return move.send(connection, sha, arguments);
	}

	private static @Nullable Object id(Connection connection) {
		try {
			return connection.executeCommand(new CommandArguments(Protocol.Command.CLIENT).add("ID"));
		}
		catch (JedisDataException ex) {
			// the user may not ask for it
			return null;
		}
	}

	private static Response<?> moved(Pipeline pipeline, BlockingMove move) {
		return pipeline.blmove(move.from(), move.to(), ListDirection.LEFT, ListDirection.RIGHT, move.seconds());
	}

	/** Reads for half as long again as the wait may take, if that is more than usual. */
	private List<?> send(RedisClient client, BlockingMove move, Function<Pipeline, List<Response<?>>> commands) {
		try (Connection own = client.getPool().getResource()) {
			move.waiter().accept(this.ids.of(own, JedisConnections::id));
			int usual = own.getSoTimeout();
			own.setSoTimeout(Math.max(usual, (int) (move.longest().toMillis() * 3 / 2)));
			Pipeline pipeline = new Pipeline(own);
			List<Response<?>> responses = commands.apply(pipeline);
			pipeline.sync();
			own.setSoTimeout(usual);
			List<@Nullable Object> replies = new ArrayList<>();
			responses.forEach((response) -> replies.add(reply(response)));
			return replies;
		}
	}

	private @Nullable Object reply(Response<?> response) {
		try {
			return response.get();
		}
		catch (JedisDataException ex) {
			return DataAccessUtils.translateIfNecessary(ex, this);
		}
	}

	private void exchange() {
		if (isRunning()) {
			UnifiedJedis old = getRequiredRedisClient();
			UnifiedJedis next = newClient();
			synchronized (this.lock) {
				if (isRunning()) {
					this.fresh = next;
					if (this.check != null) {
						this.check.forget();
					}
				}
				else {
					old = next;
				}
			}
			old.close();
		}
	}

	private UnifiedJedis newClient() {
		RedisSentinelConfiguration sentinels = getSentinelConfiguration();
		if (sentinels != null) {
			return createRedisSentinelClient(sentinels);
		}
		return createRedisClient(server());
	}

	private RedisStandaloneConfiguration server() {
		RedisStandaloneConfiguration server = getStandaloneConfiguration();
		Assert.state(server != null, "There is a server if there are no sentinels");
		return server;
	}

	@Override
	public String clusterNodes() {
		try (RedisClient client = createRedisClient(server())) {
			return BuilderFactory.STRING
				.build(client.executeCommand(new CommandArguments(Protocol.Command.CLUSTER).add("NODES")));
		}
	}

	/** May be called when they are started already, by Spring for one. */
	@Override
	public void start() {
		synchronized (this.lock) {
			super.start();
			RedisSentinelConfiguration sentinels = getSentinelConfiguration();
			if (sentinels != null && this.check == null) {
				this.check = new PrimaryCheck(primary(sentinels), this::getSentinelConnection,
						() -> ((RedisSentinelClient) getRequiredRedisClient()).getCurrentMaster(),
						() -> this.care.met(ConnectionTrouble.FAILOVER, this.care.generation()));
				this.check.start();
			}
		}
	}

	private static String primary(RedisSentinelConfiguration sentinels) {
		NamedNode primary = sentinels.getMaster();
		Assert.state(primary != null && primary.getName() != null, "Whoever asks Sentinels asks for a name");
		return primary.getName();
	}

	@Override
	public void stop() {
		PrimaryCheck last;
		synchronized (this.lock) {
			last = this.check;
			this.check = null;
		}
		if (last != null) {
			// it may be waiting for the lock
			last.stop();
		}
		synchronized (this.lock) {
			super.stop();
			if (this.fresh != null) {
				this.fresh.close();
				this.fresh = null;
			}
		}
	}

}
