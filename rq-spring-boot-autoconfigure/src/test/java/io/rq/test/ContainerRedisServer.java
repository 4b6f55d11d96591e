package io.rq.test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * Redis in a container, for the shared server only: a container gets another port when it
 * is started again.
 */
final class ContainerRedisServer implements RedisServerHandle {

	private static final int REDIS_PORT = 6379;

	private final GenericContainer<?> container = new GenericContainer<>(DockerImageName.parse("redis:7"))
		.withExposedPorts(REDIS_PORT)
		.withCommand("redis-server", "--save", "", "--appendonly", "no");

	/**
	 * Whether Docker answers. Looks for traces of it first, because Testcontainers takes
	 * its time to give up.
	 * @return whether containers can be started
	 */
	static boolean isAvailable() {
		Path home = Path.of(System.getProperty("user.home"));
		boolean traces = System.getenv("DOCKER_HOST") != null || System.getProperty("os.name").startsWith("Windows")
				|| Stream
					.of(Path.of("/var/run/docker.sock"), home.resolve(".docker/run/docker.sock"),
							home.resolve(".testcontainers.properties"))
					.anyMatch(Files::exists);
		return traces && DockerClientFactory.instance().isDockerAvailable();
	}

	@Override
	public String host() {
		return this.container.getHost();
	}

	@Override
	public int port() {
		return this.container.getMappedPort(REDIS_PORT);
	}

	@Override
	public void start() {
		this.container.start();
	}

	@Override
	public void stop() {
		this.container.stop();
	}

	@Override
	public void kill() {
		this.container.stop();
	}

	@Override
	public ProcessHandle process() {
		throw new UnsupportedOperationException("Redis runs in a container");
	}

}
