package io.rq.dashboard;

import java.io.IOException;
import java.net.ServerSocket;

import com.microsoft.playwright.Page;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.embedded.RedisServer;

import org.springframework.context.ConfigurableApplicationContext;

import io.rq.job.JobRequest;
import io.rq.template.JobTemplate;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

/**
 * Looks at the dashboard in a browser while Redis is away.
 */
@RequiresChromium
@Timeout(120)
class BrowserWithoutRedisTests {

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
	}

	@Test
	void aBannerTellsSoAndThePageGoesOnByItself() throws IOException {
		int port = freePort();
		RedisServer redis = RedisServer.newRedisServer().port(port).build();
		redis.start();
		try (ConfigurableApplicationContext application = Applications.secured("rq.embedded-redis.enabled=false",
				"spring.data.redis.port=" + port);
				Chromium chromium = new Chromium("http://localhost:" + Applications.port(application) + "/rq/")) {
			Page page = chromium.tab("viewer");
			chromium.open(page, "/");
			assertThat(page.locator("#banner")).isHidden();
			redis.stop();
			assertThat(page.locator("#banner")).containsText("Redis is away");
			assertThat(page.locator("h1")).hasText("Overview");
			page.getByText("Cron").first().click();
			assertThat(page.locator("#banner")).isVisible();
			redis.start();
			application.getBean(JobTemplate.class).enqueue(JobRequest.of("tasks.add").queue("after"));
			page.getByText("Overview").first().click();
			assertThat(page.locator("main")).containsText("after");
			assertThat(page.locator("#banner")).isHidden();
		}
		finally {
			redis.stop();
		}
	}

}
