package io.rq.dashboard;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import io.rq.annotation.RqCron;
import io.rq.annotation.RqJob;
import io.rq.job.JobRequest;
import io.rq.job.JobStatus;
import io.rq.operations.AuditEntry;
import io.rq.operations.BulkOperation;
import io.rq.operations.RqOperations;
import io.rq.queue.Registry;
import io.rq.template.JobTemplate;
import io.rq.template.QueueOperations;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Looks at the dashboard in a browser.
 */
@RequiresChromium
@Timeout(120)
class BrowserTests {

	private static final List<String> PAGES = List.of("/", "/queues/mail", "/queues/mail/failed",
			"/queues/paper/queued", "/queues/paper/scheduled", "/jobs/broken", "/jobs/waiting", "/jobs/later",
			"/failures", "/scheduled", "/cron", "/workers", "/schedulers", "/doctor", "/operations", "/audit");

	private static ConfigurableApplicationContext application;

	private static Chromium chromium;

	private static JobTemplate jobs;

	private static QueueOperations queues;

	private static RqOperations operations;

	@BeforeAll
	static void start() {
		application = Applications.working(Mailing.class, "rq.worker.queues=mail,slow");
		chromium = new Chromium("http://localhost:" + Applications.port(application) + "/rq/");
		jobs = application.getBean(JobTemplate.class);
		queues = application.getBean(QueueOperations.class);
		operations = application.getBean(RqOperations.class);
		jobs.enqueue(JobRequest.of("mail.send", "", 9007199254740993L).id("broken").queue("mail"));
		for (int i = 0; i < 30; i++) {
			jobs.enqueue(JobRequest.of("mail.send", (i % 3 == 0) ? "" : "someone@example.org", i).queue("mail"));
		}
		jobs.enqueue(JobRequest.of("paper.print", "a".repeat(300)).id("waiting").queue("paper"));
		jobs.enqueue(JobRequest.of("paper.print").id("dependent").queue("paper").dependsOn("waiting"));
		jobs.enqueue(JobRequest.of("paper.print").id("later").queue("paper").in(Duration.ofHours(5)));
		await().until(() -> jobs.find("broken").orElseThrow().status() == JobStatus.FAILED
				&& queues.count("mail", Registry.QUEUED) + queues.count("mail", Registry.STARTED) == 0);
	}

	@AfterAll
	static void stop() {
		Mailing.release.countDown();
		chromium.close();
		application.close();
	}

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
		assertThat((Boolean) page
			.evaluate("() => document.documentElement.scrollWidth <= document.documentElement.clientWidth"))
			.as("no scrolling sideways")
			.isTrue();
		assertThat(chromium.complaints()).isEmpty();
	}

	@Test
	void aFailureIsFoundExplainedMendedAndRunAgain() {
		Page page = chromium.tab("admin");
		chromium.open(page, "/");
		page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Failures")).click();
		page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("mail").setExact(true)).first().click();
		page.locator("a.row", new Page.LocatorOptions().setHasText("broken")).click();
		assertThat(page.locator("main")).containsText("IllegalArgumentException");
		page.getByText("Stack trace").click();
		assertThat(page.locator("pre").first()).containsText("There is no address");
		assertThat(page.locator("main")).containsText("9007199254740993");
		page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Edit")).click();
		Locator field = page.locator("#ask-input");
		field.fill(field.inputValue().replaceFirst("\"\"", "\"someone@example.org\""));
		page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Change them")).click();
		assertThat(page.locator("#toast")).hasText("The arguments were changed.");
		page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Requeue")).click();
		page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Requeue").setExact(true)).click();
		assertThat(page.locator("main .state").first()).hasText("finished");
		assertThat(jobs.result("broken", String.class)).contains("sent 9007199254740993");
		assertThat(chromium.complaints()).isEmpty();
	}

	/** What is to be done, where, on which buttons, and how the record calls it. */
	static Stream<Arguments> actions() {
		return Stream.of(Arguments.of("/jobs/%s", "failed", "Requeue …", "Requeue", "requeue"),
				Arguments.of("/jobs/%s", "failed", "Run again …", "Run again", "run-again"),
				Arguments.of("/jobs/%s", "failed", "Delete …", "Delete", "delete"),
				Arguments.of("/jobs/%s", "scheduled", "Run now …", "Run now", "run-now"),
				Arguments.of("/jobs/%s", "scheduled", "Cancel …", "Cancel", "cancel"),
				Arguments.of("/jobs/%s", "queued", "Edit …", "Change them", "edit"),
				Arguments.of("/jobs/%s", "started", "Stop …", "Stop", "stop"),
				Arguments.of("/queues/paper", null, "Pause …", "Pause", "pause-queue"),
				Arguments.of("/queues/paper", null, "Resume", null, "resume-queue"),
				Arguments.of("/queues/heap", "heap", "Empty …", "Delete them", "empty"),
				Arguments.of("/", null, "Suspend all …", "Suspend", "suspend"),
				Arguments.of("/", null, "Resume", null, "resume"),
				Arguments.of("/cron", null, "Run now …", "Run now", "trigger-cron"),
				Arguments.of("/cron", null, "Pause …", "Pause", "pause-cron"),
				Arguments.of("/cron", null, "Resume", null, "resume-cron"));
	}

	@ParameterizedTest
	@MethodSource("actions")
	void everythingCanBeDoneByKeyboard(String path, String kind, String button, String answer, String operation) {
		String id = (kind != null) ? job(kind) : "none";
		Page page = chromium.tab("admin");
		chromium.open(page, path.formatted(id));
		chromium.press(page, button);
		if (answer != null) {
			chromium.audit(page);
			chromium.press(page, answer);
		}
		assertThat(page.locator("#toast")).not().isEmpty();
		AuditEntry entry = operations.audit(null, 1).get(0);
		assertThat(entry.operation()).isEqualTo(operation);
		assertThat(entry.outcome()).isEqualTo(AuditEntry.Outcome.DONE);
		assertThat(entry.operator()).isEqualTo("admin");
		// the page of a job that has just been deleted looks for it once more
		assertThat(chromium.complaints())
			.allMatch((complaint) -> operation.equals("delete") && complaint.contains("404"));
	}

	@Test
	void allThatMatchAreCountedAndCancelled() {
		for (int i = 0; i < 120; i++) {
			jobs.enqueue(JobRequest.of((i % 2 == 0) ? "paper.fold" : "paper.print", i).queue("bulk"));
		}
		Page page = chromium.tab("admin");
		chromium.open(page, "/queues/bulk/queued");
		page.locator("#function").fill("paper.fold");
		page.keyboard().press("Enter");
		assertThat(page.locator("main .faint").first()).containsText("Looked at");
		assertThat(page).hasURL(Pattern.compile(".*function=paper.fold"));
		chromium.press(page, "Cancel all …");
		assertThat(page.locator("#ask-question")).hasText("Cancel 60 queued jobs of bulk?");
		chromium.audit(page);
		chromium.press(page, "Cancel");
		assertThat(page.locator("h1")).hasText("Operations");
		assertThat(page.locator("tbody tr").first()).containsText("done");
		assertThat(queues.count("bulk", Registry.QUEUED)).isEqualTo(60);
		chromium.audit(page);
		assertThat(chromium.complaints()).isEmpty();
	}

	@Test
	void threadOfARunningJobIsSeenByAdmins() {
		String id = job("started");
		Page page = chromium.tab("operator");
		chromium.open(page, "/jobs/" + id);
		assertThat(page.locator("main")).containsText("Stop …");
		assertThat(page.locator("main")).not().containsText("Thread");
		page = chromium.tab("admin");
		chromium.open(page, "/jobs/" + id);
		chromium.press(page, "Thread");
		assertThat(page.locator("pre").first()).containsText("Mailing.waitLong");
		chromium.audit(page);
		operations.stop(id);
		assertThat(page.locator("h2").first()).hasText("Attempts");
		assertThat(chromium.complaints()).isEmpty();
	}

	@Test
	void whatWasDeletedIsPutBack() {
		String id = job("undone");
		Page page = chromium.tab("admin");
		chromium.open(page, "/jobs/" + id);
		chromium.press(page, "Delete …");
		chromium.press(page, "Delete");
		chromium.press(page, "Undo");
		assertThat(page.locator("main")).containsText("queued");
		assertThat(jobs.exists(id)).isTrue();
		job("undone");
		chromium.open(page, "/queues/undone/queued");
		chromium.press(page, "Delete all …");
		assertThat(page.locator("#ask-question")).hasText("Delete 2 queued jobs of undone?");
		chromium.press(page, "Delete");
		assertThat(page.locator("tbody tr").first()).containsText("2 can be put back until");
		assertThat(queues.count("undone", Registry.QUEUED)).isZero();
		chromium.press(page, "Undo");
		chromium.audit(page);
		assertThat(page.locator("#ask-question")).hasText("Put 2 deleted jobs of undone back?");
		chromium.press(page, "Undo");
		await().until(() -> queues.count("undone", Registry.QUEUED) == 2);
		assertThat(page.locator("tbody tr").first()).containsText("undo");
		// the page of a job that has just been deleted looks for it once more
		assertThat(chromium.complaints()).allMatch((complaint) -> complaint.contains("404"));
	}

	@Test
	void allFailuresOfAKindAreRequeuedByTheServer() {
		job("failed");
		job("failed");
		Page page = chromium.tab("admin");
		chromium.open(page, "/failures");
		chromium.press(page, "Requeue these …");
		chromium.press(page, "Requeue");
		assertThat(page.locator("h1")).hasText("Operations");
		assertThat(page.locator("tbody tr").first()).containsText("of failure");
		assertThat(page.locator("tbody tr").first()).containsText("done");
		BulkOperation operation = operations.bulkOperations().get(0);
		assertThat(operation.operation()).isEqualTo("requeue");
		assertThat(operation.operator()).isEqualTo("admin");
		assertThat(operation.filter().failure()).isNotNull();
		assertThat(operation.done()).isGreaterThanOrEqualTo(2).isEqualTo(operation.matched());
		assertThat(chromium.complaints()).isEmpty();
	}

	private static String job(String kind) {
		JobRequest request = switch (kind) {
			case "failed" -> JobRequest.of("mail.send", "", 1).queue("mail");
			case "scheduled" -> JobRequest.of("paper.print").queue("paper").in(Duration.ofHours(1));
			case "started" -> JobRequest.of("slow.wait").queue("slow");
			case "queued" -> JobRequest.of("paper.print", 1).queue("paper");
			default -> JobRequest.of("paper.print").queue(kind);
		};
		String id = jobs.enqueue(request).id();
		if (kind.equals("failed") || kind.equals("started")) {
			await().until(() -> jobs.find(id).orElseThrow().status().name().equalsIgnoreCase(kind));
		}
		return id;
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
		page.waitForURL(Pattern.compile(".*#/jobs/.*"));
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
	void whoMayOnlyLookSeesNoButtons() {
		Page page = chromium.tab("viewer");
		for (String path : PAGES) {
			chromium.open(page, path);
			assertThat(page.locator("main button", new Page.LocatorOptions().setHasNotText("Filter"))).hasCount(0);
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

	/**
	 * Jobs of an application.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Mailing {

		private static final CountDownLatch release = new CountDownLatch(1);

		@RqJob(name = "mail.send", queue = "mail")
		String send(String to, long number) {
			if (to.isEmpty()) {
				throw new IllegalArgumentException("There is no address");
			}
			return "sent " + number;
		}

		@RqJob(name = "slow.wait", queue = "slow")
		void waitLong() throws InterruptedException {
			release.await(10, TimeUnit.MINUTES);
		}

		@RqCron(every = "6h", name = "report")
		@RqJob(name = "mail.report", queue = "mail")
		void report() {
		}

	}

}
