package io.rq.autoconfigure;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import io.rq.monitor.LocalContainers;
import io.rq.test.RedisTest;
import io.rq.test.StartChecks;
import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StartCheck}.
 */
@RedisTest
class StartCheckTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, JacksonAutoConfiguration.class,
				RqAutoConfiguration.class))
		.withPropertyValues("spring.data.redis.url=" + TestRedis.shared().url());

	@Test
	void anApplicationThatIsClosedMeanwhileIsNoError() throws InterruptedException {
		Queue<Throwable> uncaught = new ConcurrentLinkedQueue<>();
		CountDownLatch asked = new CountDownLatch(1);
		Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
		Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> uncaught.add(failure));
		try {
			this.runner.withBean(LocalContainers.class, () -> new LocalContainers(() -> {
				asked.countDown();
				throw new IllegalStateException("closed already");
			}, List::of)).run((context) -> assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue());
			Awaitility.await().until(() -> !StartChecks.areUnderWay());
			assertThat(uncaught).isEmpty();
		}
		finally {
			Thread.setDefaultUncaughtExceptionHandler(before);
		}
	}

}
