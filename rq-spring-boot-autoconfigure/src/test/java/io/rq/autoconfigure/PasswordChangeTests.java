package io.rq.autoconfigure;

import java.time.Duration;

import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisCredentialsProvider;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Mono;
import redis.clients.jedis.DefaultRedisCredentials;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.ClientKillParams;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.JedisClientConfigurationBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientConfigurationBuilderCustomizer;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.lettuce.RedisCredentialsProviderFactory;

import io.rq.job.Job;
import io.rq.job.JobStatus;
import io.rq.template.JobTemplate;
import io.rq.test.OneRedis;
import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The password of an application's Redis user changes while its worker runs.
 */
@Timeout(120)
@ExtendWith(OutputCaptureExtension.class)
@OneRedis("has a server of its own with users")
class PasswordChangeTests {

	private final TestRedis redis = TestRedis.start();

	private final ApplicationContextRunner application = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, JacksonAutoConfiguration.class,
				RqAutoConfiguration.class))
		.withUserConfiguration(RqEndToEndTests.Application.class)
		.withPropertyValues("spring.data.redis.host=" + this.redis.host(),
				"spring.data.redis.port=" + this.redis.port());

	private volatile String known = "old";

	@BeforeEach
	void addUser() {
		this.redis.setUser("app", "on", ">old", "~*", "resetchannels", "&*", "+@all");
	}

	@AfterEach
	void close() {
		this.redis.close();
	}

	@Test
	void isToldAndWorkGoesOnOnceThePasswordIsRight(CapturedOutput output) {
		this.application.withPropertyValues("spring.data.redis.username=app", "spring.data.redis.password=old")
			.run((context) -> {
				finishes(context);
				changePassword();
				Awaitility.await().untilAsserted(() -> assertThat(output).contains("WRONGPASS"));
				this.redis.setUser("app", ">old");
				finishes(context);
			});
	}

	@Test
	void isTakenFromWhoProvidesIt(CapturedOutput output) {
		this.application
			.withBean(JedisClientConfigurationBuilderCustomizer.class,
					() -> (client) -> client.customizeClientConfig((config) -> config
						.credentialsProvider(() -> new DefaultRedisCredentials("app", this.known))))
			.withBean(LettuceClientConfigurationBuilderCustomizer.class,
					() -> (client) -> client.redisCredentialsProviderFactory(new Provider()))
			.run((context) -> {
				finishes(context);
				this.known = "new";
				changePassword();
				finishes(context);
			});
		assertThat(output).doesNotContain("WRONGPASS");
	}

	/** Redis does not end connections by itself whose password is not valid any more. */
	private void changePassword() {
		this.redis.setUser("app", "resetpass", ">new");
		try (Jedis jedis = new Jedis(this.redis.host(), this.redis.port())) {
			assertThat(jedis.clientKill(ClientKillParams.clientKillParams().user("app"))).isPositive();
		}
	}

	private static void finishes(ApplicationContext context) {
		JobTemplate jobs = context.getBean(JobTemplate.class);
		Awaitility.await().atMost(Duration.ofSeconds(20)).ignoreExceptions().until(() -> {
			Job job = jobs.enqueue(RqEndToEndTests.Jobs::greet, "Ada");
			Awaitility.await().until(() -> jobs.find(job.id()).orElseThrow().status() == JobStatus.FINISHED);
			return true;
		});
	}

	/**
	 * Asked for each connection.
	 */
	private final class Provider implements RedisCredentialsProviderFactory {

		@Override
		public @Nullable RedisCredentialsProvider createCredentialsProvider(RedisConfiguration configuration) {
			return () -> Mono.fromSupplier(() -> RedisCredentials.just("app", PasswordChangeTests.this.known));
		}

	}

}
