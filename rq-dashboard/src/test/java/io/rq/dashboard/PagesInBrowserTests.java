package io.rq.dashboard;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.microsoft.playwright.Clock;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.data.redis.core.StringRedisTemplate;

import io.rq.job.JobRequest;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Reads the pages of the dashboard in a browser.
 */
class PagesInBrowserTests extends AbstractBrowserTests {

	static final List<String> PAGES = List.of("/", "/queues/mail", "/queues/mail/failed", "/queues/paper/queued",
			"/queues/paper/scheduled", "/jobs/broken", "/jobs/waiting", "/jobs/later", "/failures", "/scheduled",
			"/cron", "/workers", "/schedulers", "/doctor", "/operations", "/audit");

	/** What reaches beyond the window, outside of what scrolls by itself. */
	private static final String TOO_WIDE = """
			() => document.documentElement.scrollWidth <= document.documentElement.clientWidth ? []
				: [...document.querySelectorAll('body *')]
					.filter((e) => e.getBoundingClientRect().right > document.documentElement.clientWidth)
					.map((e) => e.outerHTML.slice(0, 200))""";

	static Stream<Arguments> pages() {
		return PAGES.stream()
			.flatMap((path) -> Stream.of(Arguments.of(path, 375, ColorScheme.LIGHT),
					Arguments.of(path, 1440, ColorScheme.DARK)));
	}

	@ParameterizedTest
	@MethodSource("pages")
	void everybodyCanReadEveryPage(String path, int width, ColorScheme scheme) {
		Page page = chromium.tab("admin", width, scheme);
		chromium.open(page, path);
		chromium.audit(page);
		assertThat(page.evaluate(TOO_WIDE)).as("what makes the page scroll sideways").isEqualTo(List.of());
		assertThat(chromium.complaints()).isEmpty();
	}

	@Test
	void keysLeadThroughTheRowsAndToHelpAndSearch() {
		Page page = chromium.tab("viewer");
		chromium.open(page, "/queues/mail/failed");
		page.keyboard().press("j");
		page.keyboard().press("j");
		String second = page.locator("tbody a.row").nth(1).getAttribute("href");
		assertThat(page.evaluate("() => document.activeElement.getAttribute('href')")).isEqualTo(second);
		page.keyboard().press("k");
		page.keyboard().press("Enter");
		assertThat(page.locator("h1")).containsText("Job ");
		page.keyboard().press("?");
		assertThat(page.locator("dialog")).containsText("next and previous entry");
		page.keyboard().press("Escape");
		page.keyboard().press("/");
		page.keyboard().type("waiting");
		page.keyboard().press("Enter");
		assertThat(page.locator("h1")).hasText("Job waiting");
	}

	@Test
	void anAddressLeadsToWhatWasFiltered() {
		Page page = chromium.tab("viewer");
		chromium.open(page, "/queues/paper/queued?text=paper");
		assertThat(page.locator("#filter")).hasValue("paper");
		assertThat(page.locator("tbody tr").first()).containsText("paper.print");
		page.locator("#filter").fill("nothing of that name");
		page.keyboard().press("Enter");
		page.waitForURL(Pattern.compile(".*text=nothing.*"));
		assertThat(page.locator("main")).containsText("No job.");
		page.goBack();
		assertThat(page.locator("tbody tr").first()).containsText("paper.print");
	}

	@Test
	void aSearchIsNotMadeAgainAsOftenAsAPageIsRead() {
		Page page = chromium.tab("viewer", 1200, ColorScheme.LIGHT);
		page.clock().install(new Clock.InstallOptions().setTime(0));
		page.clock().pauseAt(1000);
		List<String> looks = Collections.synchronizedList(new ArrayList<>());
		page.onRequest((request) -> {
			if (request.url().contains("/api/queues/paper/queued")) {
				looks.add(request.url());
			}
		});
		Map.of("", 2, "?text=paper", 10, "?function=paper.print", 10).forEach((query, seconds) -> {
			looks.clear();
			chromium.open(page, "/queues/paper/queued" + query);
			assertThat(page.locator("main")).containsText("Looked at");
			page.clock().runFor(seconds * 1000 - 1);
			assertThat(looks).hasSize(1);
			page.clock().runFor(1);
			page.waitForCondition(() -> looks.size() == 2);
		});
	}

	@Test
	void whoMayOnlyLookSeesNoButtons() {
		Page page = chromium.tab("viewer");
		for (String path : PAGES) {
			chromium.open(page, path);
			assertThat(page.locator("main button", new Page.LocatorOptions().setHasNotText("Filter"))).hasCount(0);
		}
	}

	/** Milliseconds where RQ has seconds are of the year 58059. */
	@Test
	void timesThatNoBrowserReadsAreShownAsTheyAre() {
		jobs.enqueue(JobRequest.of("paper.print").id("far").queue("far").in(Duration.ofHours(5)));
		application.getBean(StringRedisTemplate.class).opsForZSet().add("rq:scheduled:far", "far", 1_770_000_000_000d);
		try {
			Page page = chromium.tab("viewer");
			for (String path : List.of("/queues/far/scheduled", "/scheduled", "/jobs/far")) {
				chromium.open(page, path);
				assertThat(page.locator("main")).containsText("+58059-");
			}
			assertThat(page.locator("time", new Page.LocatorOptions().setHasText("+58059-")).first()).not()
				.hasAttribute("title", Pattern.compile("Invalid.*"));
			assertThat(chromium.complaints()).isEmpty();
		}
		finally {
			jobs.delete("far");
		}
	}

	@Test
	void addressThatMeansNothingIsNoPage() {
		Page page = chromium.tab("viewer");
		for (String path : List.of("/jobs/100%", "/nowhere")) {
			page.navigate("about:blank");
			page.navigate("http://localhost:" + Applications.port(application) + "/rq/#" + path);
			assertThat(page.locator("main")).containsText("There is no such page.");
		}
	}

	@Test
	void whoHasNoRoleIsToldSo() {
		Page page = chromium.tab("nobody");
		page.navigate("http://localhost:" + Applications.port(application) + "/rq/");
		assertThat(page.locator("#banner")).containsText("Not allowed");
	}

	@Test
	void slowAnswersDoNotOvertakeEachOther() {
		Page page = chromium.tab("viewer");
		chromium.open(page, "/workers");
		List<Route> held = new ArrayList<>();
		page.route("**/api/failures*", held::add);
		page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Failures")).click();
		assertThat(page.locator("main")).containsText("Loading");
		page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Schedulers")).click();
		assertThat(page.locator("h1")).hasText("Schedulers");
		page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Failures")).click();
		assertThat(page.locator("main")).containsText("Loading");
		page.waitForCondition(() -> held.size() == 2);
		page.unroute("**/api/failures*");
		held.get(1).resume();
		assertThat(page.locator("h1")).hasText("Failures");
	}

	/** The images of the documentation: {@code -Drq.screenshots=../docs/images}. */
	@Test
	void picturesCanBeTaken() {
		String folder = System.getProperty("rq.screenshots", "target/screenshots");
		Page page = chromium.tab("admin");
		chromium.open(page, "/");
		assertThat(page.locator("main canvas")).hasCount(3);
		page.screenshot(new Page.ScreenshotOptions().setPath(Path.of(folder, "dashboard-overview.png")));
		chromium.open(page, "/jobs/broken");
		page.screenshot(new Page.ScreenshotOptions().setPath(Path.of(folder, "dashboard-job.png")));
	}

}
