package io.rq.redis.connection;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;

import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.BuilderFactory;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.Response;
import redis.clients.jedis.args.ListDirection;
import redis.clients.jedis.exceptions.JedisDataException;

import org.springframework.dao.support.DataAccessUtils;
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
import io.rq.redis.connection.OwnConnections.Use;

/**
 * Connections of our own through Jedis, all to one server: behind Sentinels to the one
 * that is the primary. They are replaced together with their pool: whatever is in use
 * goes down with the old pool when it is given back.
 */
final class JedisConnections extends JedisConnectionFactory implements ReplaceableConnections {

	/** A subscription hears of its own probes more often than that. */
	private static final int LONGEST_SILENCE = (int) Duration.ofSeconds(5).toMillis();

	private final ConnectionCare care;

	private final ConnectionIds<Connection> ids = new ConnectionIds<>();

	/** What Spring makes of the configuration of the client, and keeps to itself. */
	private final AtomicReference<DefaultJedisClientConfig.@Nullable Builder> settings;

	private final Object lock = new Object();

	private final OpenWaits<Connection> waits = new OpenWaits<>(JedisConnections::close);

	private final @Nullable PrimaryCheck check;

	private @Nullable RedisClient fresh;

	/** Where they lead, while they are started. */
	private volatile @Nullable HostAndPort primary;

	private JedisConnections(RedisStandaloneConfiguration server, JedisClientConfiguration given, Use use,
			boolean moving, Listeners<ConnectionListener> listeners) {
		this(server, given, use, moving, listeners, new AtomicReference<>());
	}

	private JedisConnections(RedisStandaloneConfiguration server, JedisClientConfiguration given, Use use,
			boolean moving, Listeners<ConnectionListener> listeners,
			AtomicReference<DefaultJedisClientConfig.@Nullable Builder> settings) {
		super(server, client(given, use, settings));
		this.settings = settings;
		this.check = null;
		this.care = new ConnectionCare(this::exchange, use.patience(), moving, listeners);
	}

	private JedisConnections(RedisSentinelConfiguration sentinels, JedisClientConfiguration given, Use use,
			Listeners<ConnectionListener> listeners) {
		this(sentinels, given, use, listeners, new AtomicReference<>());
	}

	private JedisConnections(RedisSentinelConfiguration sentinels, JedisClientConfiguration given, Use use,
			Listeners<ConnectionListener> listeners,
			AtomicReference<DefaultJedisClientConfig.@Nullable Builder> settings) {
		super(withoutAddress(sentinels), client(given, use, settings));
		this.settings = settings;
		this.care = new ConnectionCare(this::exchange, use.patience(), false, listeners);
		this.check = new PrimaryCheck(SentinelSettings.of(sentinels, client(given, use, new AtomicReference<>())),
				() -> this.primary, () -> this.care.met(ConnectionTrouble.FAILOVER, this.care.generation()));
	}

	/** Returns how to connect to the primary, wherever that is. */
	private static RedisStandaloneConfiguration withoutAddress(RedisSentinelConfiguration sentinels) {
		RedisStandaloneConfiguration primary = new RedisStandaloneConfiguration();
		primary.setDatabase(sentinels.getDatabase());
		primary.setUsername(sentinels.getUsername());
		primary.setPassword(sentinels.getPassword());
		return primary;
	}

	static RedisConnectionFactory like(JedisConnectionFactory application, Supplier<String> commonKey, Use use,
			Listeners<ConnectionListener> listeners) {
		JedisClientConfiguration client = application.getClientConfiguration();
		RedisSentinelConfiguration sentinels = application.getSentinelConfiguration();
		if (sentinels != null) {
			return started(new JedisConnections(sentinels, client, use, listeners), application);
		}
		RedisClusterConfiguration cluster = application.getClusterConfiguration();
		if (cluster != null) {
			return new ClusterConnections(cluster, commonKey.get(),
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

	private static JedisClientConfiguration client(JedisClientConfiguration given, Use use,
			AtomicReference<DefaultJedisClientConfig.@Nullable Builder> settings) {
		JedisClientConfigurationBuilder builder = JedisClientConfiguration.builder();
		given.getClientName().ifPresent(builder::clientName);
		if (given.isUseSsl()) {
			JedisSslClientConfigurationBuilder ssl = builder.useSsl();
			given.getSslSocketFactory().ifPresent(ssl::sslSocketFactory);
			JedisTls.parameters(given).ifPresent(ssl::sslParameters);
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
			settings.set(config);
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
			theirs.ifPresent(builder::customizeClient);
			return;
		}
		GenericObjectPoolConfig<Connection> pool = new GenericObjectPoolConfig<>();
		pool.setMaxTotal(-1);
		pool.setMaxIdle(-1);
		pool.setJmxEnabled(false);
		builder.usePooling().poolConfig(pool);
		theirs.ifPresent((customizer) -> builder.customizeClient((client) -> {
			customizer.customize(client);
			client.poolConfig(pool);
		}));
	}

	@Override
	public ConnectionCare care() {
		return this.care;
	}

	@Override
	protected RedisClient getRequiredRedisClient() {
		synchronized (this.lock) {
			return (this.fresh != null) ? this.fresh : (RedisClient) super.getRequiredRedisClient();
		}
	}

	@Override
	protected RedisClient createRedisClient(RedisStandaloneConfiguration server) {
		DefaultJedisClientConfig.Builder config = this.settings.get();
		Assert.state(config != null, "Spring configures a client before it makes one");
		AnsweredConnection.ClientBuilder builder = new AnsweredConnection.ClientBuilder(
				new HostAndPort(server.getHostName(), server.getPort()), config.build());
		GenericObjectPoolConfig<Connection> pool = getPoolConfig();
		if (pool != null) {
			builder.poolConfig(pool);
		}
		getClientConfiguration().getClientCustomizer().ifPresent((customizer) -> customizer.customize(builder));
		return builder.build();
	}

	@Override
	public List<?> send(RedisConnection connection, BlockingMove move) {
		return send(move, (pipeline) -> List.of(moved(pipeline, move)));
	}

	@Override
	public List<?> send(RedisConnection connection, BlockingMove move, byte[] set, byte[] member) {
		return send(move, (pipeline) -> List.of(moved(pipeline, move), pipeline.sadd(set, member)));
	}

	@Override
	public List<?> send(RedisConnection connection, BlockingMove move, String sha, int keys, byte[][] arguments) {
		return send(move, (pipeline) -> List.of(moved(pipeline, move),
				pipeline.evalsha(sha.getBytes(StandardCharsets.US_ASCII), keys, arguments)));
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

	private List<?> send(BlockingMove move, Function<Pipeline, List<Response<?>>> commands) {
		try (Connection own = getRequiredRedisClient().getPool().getResource()) {
			move.waiter().accept(this.ids.of(own, JedisConnections::id));
			return this.waits.during(own, () -> send(own, move, commands));
		}
	}

	/** Reads for half as long again as the wait may take, if that is more than usual. */
	private List<?> send(Connection own, BlockingMove move, Function<Pipeline, List<Response<?>>> commands) {
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

	private static void close(Connection waiting) {
		try {
			waiting.forceDisconnect();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
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

	private void exchange(ConnectionTrouble trouble) {
		RedisClient old;
		synchronized (this.lock) {
			if (!isRunning()) {
				return;
			}
			old = getRequiredRedisClient();
			RedisStandaloneConfiguration server = server();
			this.fresh = createRedisClient(server);
			leadsTo(server);
		}
		old.close();
		if (trouble == ConnectionTrouble.FAILOVER) {
			this.waits.end();
		}
		else if (this.check != null) {
			this.check.wake();
		}
	}

	/** Returns where they are to lead from now on. */
	private RedisStandaloneConfiguration server() {
		RedisStandaloneConfiguration server = getStandaloneConfiguration();
		Assert.state(server != null, "Each of these connections leads to one server");
		if (this.check != null) {
			HostAndPort named = this.check.primary();
			server.setHostName(named.getHost());
			server.setPort(named.getPort());
		}
		return server;
	}

	private void leadsTo(RedisStandaloneConfiguration server) {
		this.primary = new HostAndPort(server.getHostName(), server.getPort());
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
		if (this.check != null && !isRunning()) {
			this.check.start();
		}
		synchronized (this.lock) {
			if (!isRunning()) {
				RedisStandaloneConfiguration server = server();
				super.start();
				leadsTo(server);
			}
		}
	}

	@Override
	public void stop() {
		if (this.check != null) {
			// it may be waiting for the lock
			this.check.stop();
		}
		synchronized (this.lock) {
			super.stop();
			this.primary = null;
			if (this.fresh != null) {
				this.fresh.close();
				this.fresh = null;
			}
		}
	}

}
